import type { TotalPoint } from './forecast.ts';
import { medianOf } from './median.ts';
import { medianBlocks } from './median-blocks.ts';

/** How far a total has risen. */
export interface Rise {
  /** Connections, never negative. */
  readonly by: number;
  /** False where so little of the time was seen that the rise is only the least it can be. */
  readonly whole: boolean;
}

const BLOCK_MS = 15_000;
/** What is usual: most of these minutes before the time that is looked at. */
const USUAL_MS = 5 * 60_000;
/** Calm samples are 5 s apart, and one may be lost. */
const SEEN_SHARE = 0.75;

/**
 * How far the newest total lies above the lowest of the `withinMs` before it, though not above what was usual just
 * before that: when 50 sessions are terminated, or the server restarts, and the clients come back, nothing has surged
 * until they are more than they were. Usual is the median over time, so that a spike does not hide a surge.
 */
export function measureRise(totals: readonly TotalPoint[], newest: TotalPoint, withinMs: number): Rise {
  const fromMs = newest.at - withinMs;
  const within = totals.filter(({ at }) => at >= fromMs && at <= newest.at);
  const lowest = within.reduce((least, { total }) => Math.min(least, total), newest.total);
  const usual = medianBlocks(totals, fromMs, BLOCK_MS, USUAL_MS / BLOCK_MS).flatMap((block) => block?.total ?? []);
  const base = usual.length === 0 ? lowest : Math.max(lowest, medianOf(usual));
  const seenMs = newest.at - (within[0]?.at ?? newest.at);
  return { by: Math.max(0, newest.total - base), whole: seenMs >= withinMs * SEEN_SHARE };
}
