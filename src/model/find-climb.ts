import type { TotalPoint } from './forecast.ts';
import { medianOf, quantileOf } from './median.ts';
import { medianBlocks } from './median-blocks.ts';

/** A rise that is none of: a spike, a step, a sawtooth, noise. */
export interface Climb {
  readonly perMs: number;
  /** Connections by the line through it: where the window began, how many were added since, and where it is now. */
  readonly from: number;
  readonly rise: number;
  readonly level: number;
  /** Four of five samples lie nearer to the line than this, connections. */
  readonly noise: number;
}

export type Search =
  | { readonly kind: 'climb'; readonly climb: Climb }
  | { readonly kind: 'none' }
  /** Too little was seen in this window. */
  | { readonly kind: 'unseen' };

/** Fewer connections than this come and go by themselves: a canary, somebody's psql. */
export const LEAST_RISE = 3;
const BLOCKS = 6;
/** One may be lost to a gap, though not the last. */
const LEAST_BLOCKS = 5;
/** Of the line's rise so much must remain without its two steepest neighbours: of a true line 60 % do, of a step none. */
const SPREAD = 0.4;
/** Of the line's rise so much must lie between the first block and the last: of a sawtooth's rises nothing remains. */
const NET = 0.5;
/** Times the noise. Evenly spread noise has a whole band of 2.5 times this, and so cannot look like a rise. */
const OVER_NOISE = 3;

/** Looks for a rise in the `spanMs` up to `now`. `points` oldest first, none later than `now`. */
export function findClimb(points: readonly TotalPoint[], now: number, spanMs: number): Search {
  const blocks = medianBlocks(points, now, spanMs / BLOCKS, BLOCKS);
  const seen = blocks.filter((block) => block !== null);
  const [first] = seen;
  const last = blocks.at(-1);
  if (!first || !last || seen.length < LEAST_BLOCKS) return { kind: 'unseen' };
  const net = last.total - first.total;
  // Where nothing rises, which is nearly always, the rest is not worth its time.
  if (net <= 0) return { kind: 'none' };
  const perMs = theilSen(seen);
  const rise = perMs * (last.at - first.at);
  if (rise < LEAST_RISE || net < NET * rise || net - steepestRise(seen) < SPREAD * rise) return { kind: 'none' };
  const atNow = medianOf(seen.map(({ at, total }) => total - perMs * (at - now)));
  const begin = points.findLastIndex(({ at }) => at <= now - spanMs) + 1;
  const noise = quantileOf(
    points.slice(begin).map(({ at, total }) => Math.abs(total - atNow - perMs * (at - now))),
    0.8,
  );
  if (rise < OVER_NOISE * noise) return { kind: 'none' };
  const from = atNow + perMs * (first.at - now);
  return { kind: 'climb', climb: { perMs, from, rise, level: last.total + perMs * (now - last.at), noise } };
}

/** The median of the slopes between every two points: it stands although 29 % of them lie anywhere. */
function theilSen(points: readonly TotalPoint[]): number {
  return medianOf(
    points.flatMap((a, index) => points.slice(index + 1).map((b) => (b.total - a.total) / (b.at - a.at))),
  );
}

/** Of two neighbouring increments: a step shows in one, or in two when it falls within a block. */
function steepestRise(points: readonly TotalPoint[]): number {
  const rises = points.slice(2).map(({ total }, index) => total - (points[index]?.total ?? total));
  return Math.max(0, ...rises);
}
