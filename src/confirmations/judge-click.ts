import { formatDuration } from '../model/duration.ts';
import type { Claimed, Confirmation } from './confirmation.ts';
import { isAsShown } from './hash-plan.ts';

/** A click on one of the buttons of a preview. */
export interface Click {
  readonly hash: string;
  /** Compared exactly, blanks around it aside; left out where nothing is to be typed. */
  readonly typed?: string | undefined;
  readonly wants: 'claim' | 'cancel';
}

type Refused = Extract<Claimed, { ok: false }>;

/**
 * Whether a click may have what it wants at `now`. `interrupted`: it was claimed in a former life, and nobody is at it.
 * Pure.
 */
export function judgeClick(
  confirmation: Confirmation | null,
  click: Click,
  now: number,
  interrupted: boolean,
): Claimed {
  if (confirmation === null) {
    return refuse('unknown', 'This preview is not known here any more, or never was: run the command again.');
  }
  const { hash, until, typed } = confirmation;
  const forged = refuse('forged', `This is not what was shown, so nothing was done: ${again(confirmation)}.`);
  if (click.hash !== hash) return forged;
  const ended = refuseEnded(confirmation, now, interrupted);
  if (ended !== null) return ended;
  if (now >= until) return refuse('expired', describeExpiry(confirmation, now));
  // The plan is hashed again: whatever has touched it since, only what was shown is carried out.
  if (!isAsShown(confirmation)) return forged;
  if (click.wants === 'claim' && typed !== null && click.typed?.trim() !== typed) {
    return refuse(
      'mistyped',
      `What was typed is not "${typed}", so nothing was done: click again and type it exactly.`,
    );
  }
  return { ok: true, confirmation };
}

function refuseEnded(confirmation: Confirmation, now: number, interrupted: boolean): Refused | null {
  const { state } = confirmation;
  switch (state.kind) {
    case 'open':
      return null;
    case 'expired':
      return refuse('expired', describeExpiry(confirmation, now));
    case 'cancelled':
      return refuse(
        'cancelled',
        `Cancelled ${momentOf(state)}: ${again(confirmation)} if it is still needed.`,
        state.by,
      );
    case 'claimed':
      return interrupted
        ? refuse(
            'taken',
            `Confirmed ${momentOf(state)}, and the bot ended meanwhile: what became of it is told as soon as it is known.`,
            state.by,
          )
        : refuse(
            'taken',
            `Already being carried out ${momentOf(state, 'since')}: its result comes in the message.`,
            state.by,
          );
    case 'done':
      return refuse('taken', `Carried out ${momentOf(state)}: ${again(confirmation)} for what is left.`, state.by);
    case 'interrupted':
      return refuse(
        'taken',
        `Confirmed ${momentOf(state)}, and interrupted as the bot ended: ${again(confirmation)} for what is left.`,
        state.by,
      );
  }
}

function refuse(why: Refused['why'], reason: string, by: string | null = null): Refused {
  return { ok: false, why, reason, by };
}

function describeExpiry(confirmation: Confirmation, now: number): string {
  const ago = now - confirmation.until < 1_000 ? 'just now' : `${formatDuration(now - confirmation.until)} ago`;
  return `This preview expired ${ago}: ${again(confirmation)}.`;
}

function momentOf({ at }: { readonly at: number }, word = 'at'): string {
  return `${word} ${new Date(at).toISOString().slice(11, 19)} UTC`;
}

function again({ act }: Confirmation): string {
  return `run /db ${act} again`;
}
