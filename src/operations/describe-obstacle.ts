import type { TerminationObstacle } from '../model/database-actions.ts';

/** Why no session can be ended, to follow a colon, and what to do about it. */
export function describeObstacle({ kind, reason, remedy }: TerminationObstacle): string {
  return `${asSentence(reason)} ${kind === 'privilege' ? 'As a superuser, run: ' : ''}${asSentence(remedy)}`;
}

/** Reasons come from many places, some of them with a full stop; a statement to run ends with its own. */
export function asSentence(text: string): string {
  return /[.!?;]$/.test(text) ? text : `${text}.`;
}
