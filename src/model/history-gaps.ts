import type { HistoryPoint } from './history.ts';

/** A stretch of time, epoch milliseconds. */
export interface Interval {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * The stretches of [fromMs, toMs] of which nothing is known: between two counted points when a blind one lies between
 * them or they are more than `silenceMs` apart, and likewise before the first and after the last. A chart leaves them
 * blank. Give `toMs` as now, not as a time to come; `silenceMs` as three calm sampling intervals (15 s).
 */
export function findGaps(
  points: readonly HistoryPoint[],
  { fromMs, toMs }: Interval,
  silenceMs: number,
): readonly Interval[] {
  const gaps: Interval[] = [];
  let seenAt = fromMs;
  let blind = false;
  const close = (at: number) => {
    if (at > seenAt && (blind || at - seenAt > silenceMs)) gaps.push({ fromMs: seenAt, toMs: at });
    seenAt = at;
    blind = false;
  };
  for (const { at, counts } of points) {
    if (at < fromMs || at > toMs) continue;
    if (counts === null) blind = true;
    else close(at);
  }
  close(toMs);
  return gaps;
}
