import type { TerminationObstacle } from '../model/database-actions.ts';

/** Why no session can be ended, and what to do about it, as sentences. */
export function describeObstacle({ reason, remedy }: TerminationObstacle): string {
  return `${asSentence(reason)} ${asSentence(remedy)}`;
}

/** Reasons come from many places, some of them with a full stop. */
export function asSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
