import { formatDuration } from '../model/duration.ts';
import { stripInvisible } from '../model/plain-text.ts';
import { hashRecoveryPlan } from './plan.ts';
import type { Approval, RecoveryRun } from './run.ts';

/** Somebody wants a request to run. That they have the level was decided by the roles that the click carries. */
export interface ApprovalClick {
  readonly by: string;
  readonly kind: 'approve' | 'break-glass';
  /** As the button carries it. */
  readonly hash: string;
  /** What the form's fields of words hold, in any order; see wordsToType. */
  readonly typed: readonly string[];
  /** Why the glass is broken; null with an approval. Hostile text. */
  readonly reason: string | null;
}

/** What the requester may do now, asked anew. */
export type RequesterLevel =
  | { readonly ok: true; readonly level: string | null }
  | { readonly ok: false; readonly reason: string };

export interface ApprovalRefused {
  readonly ok: false;
  readonly why:
    | 'unknown'
    | 'forged'
    | 'expired'
    | 'taken'
    | 'cancelled'
    | 'own'
    | 'too-early'
    | 'mistyped'
    | 'no-reason'
    | 'level';
  /** What is missing and what to do; plain, hostile text. */
  readonly reason: string;
}

export type ApprovalJudged =
  | { readonly ok: true; readonly run: RecoveryRun; readonly approval: Approval }
  | ApprovalRefused;

const LONGEST_REASON = 500;

/**
 * Whether a click makes a request run (product.md §7). `run` null: no such request is known. `now` in epoch milliseconds.
 * Under `typed` the requester is asked to type, and anybody with the level may (product.md §3). Pure; what it cannot tell it refuses.
 */
export function judgeApproval({
  run,
  click,
  now,
  requesterLevel,
}: {
  readonly run: RecoveryRun | null;
  readonly click: ApprovalClick;
  readonly now: number;
  readonly requesterLevel: RequesterLevel;
}): ApprovalJudged {
  const open = judgeOpen(run, click.hash, now);
  if (!open.ok) return open;
  const refused = click.kind === 'approve' ? refuseApproval(open.run, click) : refuseBreaking(open.run, click, now);
  if (refused !== null) return refused;
  // Of one's own click the roles came with it.
  if (click.by !== open.run.requestedBy) {
    const lost = refuseLevel(requesterLevel);
    if (lost !== null) return lost;
  }
  const mistyped = refuseTyped(open.run, click);
  if (mistyped !== null) return mistyped;
  const reason = click.kind === 'break-glass' ? stripInvisible(click.reason ?? '') : null;
  if (reason !== null && (reason === '' || reason.length > LONGEST_REASON)) return refuseReason(reason);
  const how = click.kind === 'break-glass' ? 'broke-glass' : HOW[open.run.policy];
  return { ok: true, run: open.run, approval: { by: click.by, at: now, how, reason } };
}

/** Whether a request may be cancelled: by anybody with the level, as long as nothing else became of it. Pure. */
export function judgeCancelling({
  run,
  hash,
  now,
}: {
  readonly run: RecoveryRun | null;
  readonly hash: string;
  readonly now: number;
}): { readonly ok: true } | ApprovalRefused {
  const open = judgeOpen(run, hash, now);
  return open.ok ? { ok: true } : open;
}

/** What a form has to ask for, each in a field of its own: empty where a click is enough. Pure. */
export function wordsToType({ policy, plan }: RecoveryRun, kind: ApprovalClick['kind']): readonly string[] {
  const named = kind === 'break-glass' || policy === 'typed' ? [plan.database] : [];
  return [...named, ...plan.overrides.map(({ word }) => word)];
}

const HOW = { own: 'confirmed', 'two-person': 'second-person', typed: 'typed' } as const;

function judgeOpen(
  run: RecoveryRun | null,
  hash: string,
  now: number,
): { readonly ok: true; readonly run: RecoveryRun } | ApprovalRefused {
  if (run === null) {
    return refuse('unknown', 'This request is not known here any more, or never was: run /db recover again.');
  }
  // The plan is hashed again: whatever has touched it since, only what was shown is carried out.
  if (hash !== run.hash || hashRecoveryPlan(run.plan) !== run.hash) {
    return refuse('forged', 'This is not what was shown, so nothing was done: run /db recover again.');
  }
  const over = refuseOver(run);
  if (over !== null) return over;
  // Turned so that a moment that is no number is refused too.
  if (!(now < run.until)) {
    const ago = formatDuration(now - run.until);
    return refuse('expired', `This request expired ${ago} ago, and nothing was done: run /db recover again.`);
  }
  return { ok: true, run };
}

function refuseOver({ state, approval }: RecoveryRun): ApprovalRefused | null {
  switch (state.kind) {
    case 'requested':
      return approval === null ? null : refuse('taken', 'This request has been approved already.');
    case 'cancelled':
      return refuse('cancelled', 'This request was cancelled: run /db recover again if it is still needed.');
    case 'expired':
      return refuse('expired', 'This request has expired, and nothing was done: run /db recover again.');
    case 'superseded':
      return refuse(
        'expired',
        state.next === null
          ? 'The world has changed since this plan was shown: run /db recover again.'
          : 'The world has changed since this plan was shown: look at the new plan, which waits for its own approval.',
      );
    case 'running':
    case 'stopped':
    case 'done':
    case 'ended':
      return refuse('taken', 'This plan has been approved already: what became of it stands in its message.');
  }
}

function refuseApproval({ policy, requestedBy }: RecoveryRun, { by }: ApprovalClick): ApprovalRefused | null {
  if (policy !== 'two-person' || by !== requestedBy) return null;
  return refuse('own', 'You asked for this, so somebody else with the level `recover` has to click Approve.');
}

function refuseBreaking(
  { requestedBy, breakGlassAt, policy }: RecoveryRun,
  { by }: ApprovalClick,
  now: number,
): ApprovalRefused | null {
  if (breakGlassAt === null || policy !== 'two-person') {
    return refuse('forged', 'This request needs no second person, so there is no glass to break: click Approve.');
  }
  if (by !== requestedBy) {
    return refuse('own', 'Only who asked for this may break the glass. You are the second person: click Approve.');
  }
  if (!(now >= breakGlassAt)) {
    const left = formatDuration(Math.ceil((breakGlassAt - now) / 1_000) * 1_000);
    return refuse('too-early', `The glass can be broken in ${left}: until then somebody else may approve it.`);
  }
  return null;
}

function refuseLevel(requester: RequesterLevel): ApprovalRefused | null {
  if (requester.ok && requester.level === 'recover') return null;
  if (!requester.ok) {
    return refuse(
      'level',
      `Whether who asked for this still has the level \`recover\` cannot be told (${requester.reason}), so nothing was done: try again, or ask for it yourself with /db recover.`,
    );
  }
  return refuse(
    'level',
    'Who asked for this does not have the level `recover` any more, so nothing was done: ask for it yourself with /db recover.',
  );
}

/** Every word, blanks around it aside; one that is needed twice is typed twice. */
function refuseTyped(run: RecoveryRun, { kind, typed }: ApprovalClick): ApprovalRefused | null {
  const left = typed.map((word) => word.trim());
  for (const word of wordsToType(run, kind)) {
    const at = left.indexOf(word);
    if (at === -1) {
      return refuse('mistyped', `“${word}” was not typed, so nothing was done: click again and type it exactly.`);
    }
    left.splice(at, 1);
  }
  return null;
}

function refuseReason(reason: string): ApprovalRefused {
  return reason === ''
    ? refuse('no-reason', 'Breaking the glass wants a reason, which goes into the timeline: click again and give it.')
    : refuse('no-reason', `The reason has ${reason.length} characters, ${LONGEST_REASON} at most: give a shorter one.`);
}

function refuse(why: ApprovalRefused['why'], reason: string): ApprovalRefused {
  return { ok: false, why, reason };
}
