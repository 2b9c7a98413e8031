import { awaitsEdit, awaitsPost, isOutdated, isUntouched, type Parcel } from './parcel.ts';
import type { Tuning } from './tuning.ts';
import { budgetLeft, isWithin, type Wait, waitLeft } from './wait.ts';

export type Job =
  | { readonly kind: 'post' | 'edit' | 'find'; readonly parcel: Parcel }
  /** They came and went unseen: a note tells them. */
  | { readonly kind: 'pass-over'; readonly parcels: readonly Parcel[] }
  | { readonly kind: 'wait'; readonly ms: number };

export type SendKind = 'post' | 'edit' | 'find';
export type Pauses = Record<SendKind, Wait | null>;

export interface LaneState {
  /** Of this lane, in the order in which they were first put. */
  readonly parcels: readonly Parcel[];
  readonly pauses: Readonly<Pauses>;
  /** When the last ones were begun, epoch milliseconds, oldest first. */
  readonly begun: { readonly post: readonly number[]; readonly edit: readonly number[] };
  /** Null: as much as Discord takes. */
  readonly budget: Tuning['budget'] | null;
}

const IDLE_MS = 60_000;

/**
 * What a lane does next: posts in their order, facts before charts; edits while no post is due. Pure; `now` in epoch
 * milliseconds.
 */
export function chooseJob(lane: LaneState, tuning: Tuning, now: number): Job {
  const unposted = lane.parcels.filter(awaitsPost);
  const passed = unposted.filter(
    (parcel) => isUntouched(parcel) && isStale(parcel, tuning, now) && parcel.unwritten === 0,
  );
  if (passed.length > 0) return { kind: 'pass-over', parcels: passed };
  const post = choosePost(unposted, lane, tuning, now);
  if (post.kind !== 'wait') return post;
  const edit = chooseEdit(lane, tuning, now);
  return edit.kind === 'wait' ? { kind: 'wait', ms: Math.min(post.ms, edit.ms) } : edit;
}

function choosePost(unposted: readonly Parcel[], lane: LaneState, tuning: Tuning, now: number): Job {
  let ms = IDLE_MS;
  for (const parcel of unposted) {
    const left = waitLeft(parcel.wait, now);
    if (left > 0) ms = Math.min(ms, left);
    if (left > 0 && parcel.aside) continue;
    // Its order is kept though it has to wait: for its time, or for the journal, which rings.
    if (left > 0 || parcel.unwritten > 0) return { kind: 'wait', ms };
    const kind = needsLookUp(parcel, tuning, now) ? 'find' : 'post';
    const held = kind === 'find' ? lookUpLeft(parcel, lane, tuning, now) : heldBack('post', lane, now);
    return held > 0 ? { kind: 'wait', ms: Math.min(ms, held) } : { kind, parcel };
  }
  return { kind: 'wait', ms };
}

function chooseEdit(lane: LaneState, tuning: Tuning, now: number): Job {
  const unsent = lane.parcels
    .filter((parcel) => awaitsEdit(parcel) && parcel.unwritten === 0)
    .map((parcel) => ({ parcel, left: editLeft(parcel, tuning, now) }));
  const due = unsent
    .filter(({ left }) => left === 0)
    .sort(
      (a, b) => Number(b.parcel.urgent) - Number(a.parcel.urgent) || (a.parcel.sentAt ?? 0) - (b.parcel.sentAt ?? 0),
    );
  const [first] = due;
  if (!first) return { kind: 'wait', ms: Math.min(IDLE_MS, ...unsent.map(({ left }) => left)) };
  const held = heldBack('edit', lane, now);
  return held > 0 ? { kind: 'wait', ms: held } : { kind: 'edit', parcel: first.parcel };
}

/** An urgent edit does not wait out the interval, but it does wait out a failure's back-off. */
function editLeft(parcel: Parcel, { editEveryMs }: Tuning, now: number): number {
  const { wait, urgent, sentAt, doubt } = parcel;
  const interval = urgent || sentAt === null ? 0 : waitLeft({ from: sentAt, forMs: editEveryMs }, now);
  return Math.max(waitLeft(wait, now), isOutdated(parcel) ? interval : waitLeft(doubt, now));
}

function heldBack(kind: 'post' | 'edit', { pauses, begun, budget }: LaneState, now: number): number {
  const most = kind === 'post' ? budget?.posts : budget?.edits;
  const spent = budget && most !== undefined ? budgetLeft(begun[kind], most, budget.perMs, now) : 0;
  return Math.max(spent, waitLeft(pauses[kind], now));
}

/**
 * What is still repeated under its nonce after the look-up may be looked up at once. What would go into a note may not:
 * a post that arrives late would tell it a second time.
 */
function lookUpLeft(parcel: Parcel, { pauses }: LaneState, tuning: Tuning, now: number): number {
  const { lastTriedAt } = parcel;
  const late = lastTriedAt !== null && isStale(parcel, tuning, now);
  const unsettled = late ? waitLeft({ from: lastTriedAt, forMs: tuning.lateMs }, now) : 0;
  return Math.max(unsettled, waitLeft(pauses.find, now));
}

/** Over, and so old that its message would be news of the past. */
function isStale({ kind, single, final, queuedAt }: Parcel, { staleAfterMs }: Tuning, now: number): boolean {
  return kind !== 'note' && !single && final && !isWithin(queuedAt, staleAfterMs, now);
}

/** It may have been posted, and repeating it under its nonce no longer tells: or should tell first, as it would come late. */
function needsLookUp(parcel: Parcel, tuning: Tuning, now: number): boolean {
  if (parcel.triedAt === null || parcel.blind) return false;
  return !isWithin(parcel.triedAt, tuning.trustNonceMs, now) || isStale(parcel, tuning, now);
}
