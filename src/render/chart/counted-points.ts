import type { HistoryPoint } from '../../model/history.ts';
import type { Interval } from '../../model/history-gaps.ts';

/** A point that was seen, its counts made sound. */
export interface CountedPoint {
  readonly at: number;
  readonly counts: ReadonlyMap<string, number>;
  readonly total: number;
}

/** What was counted within the window, oldest first; numbers that are none count as 0. */
export function countedPoints(samples: readonly HistoryPoint[], { fromMs, toMs }: Interval): readonly CountedPoint[] {
  return samples
    .flatMap(({ at, counts }) => (counts && at >= fromMs && at <= toMs ? [soundPoint(at, counts)] : []))
    .sort((a, b) => a.at - b.at);
}

/** Runs of points without a gap between them: what may be joined by a line. */
export function splitAtGaps(
  points: readonly CountedPoint[],
  gaps: readonly Interval[],
): readonly (readonly CountedPoint[])[] {
  const runs: CountedPoint[][] = [];
  for (const point of points) {
    const run = runs.at(-1);
    const before = run?.at(-1);
    const apart = before && gaps.some(({ fromMs, toMs }) => fromMs < point.at && toMs > before.at);
    if (run === undefined || apart) runs.push([point]);
    else run.push(point);
  }
  return runs;
}

/** Of every `columnMs` only the highest point, besides the first and the last: peaks stay, the drawing stays small. */
export function thinRun(run: readonly CountedPoint[], columnMs: number): readonly CountedPoint[] {
  const kept: CountedPoint[] = [];
  let column = Number.NaN;
  for (const [index, point] of run.entries()) {
    const of = Math.floor(point.at / columnMs);
    const last = kept.at(-1);
    const isEnd = index === run.length - 1;
    if (of !== column || kept.length <= 1 || isEnd || last === undefined) kept.push(point);
    else if (point.total > last.total) kept[kept.length - 1] = point;
    column = of;
  }
  return kept;
}

function soundPoint(at: number, counts: ReadonlyMap<string, number>): CountedPoint {
  const sound = new Map<string, number>();
  let total = 0;
  for (const [name, count] of counts) {
    const soundCount = count > 0 && count < 1e9 ? count : 0;
    sound.set(name, soundCount);
    total += soundCount;
  }
  return { at, counts: sound, total };
}
