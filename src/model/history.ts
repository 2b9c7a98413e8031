import type { ApplicationGrowth, TotalPoint } from './forecast.ts';
import { FOLDED_APPLICATIONS, internNames } from './history-names.ts';
import { createRing, type HistoryTier, type Slot } from './history-tier.ts';

/** One moment of the history: sessions per application, or that nothing could be counted. */
export interface HistoryPoint {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Sessions per application; null when the source was blind. */
  readonly counts: ReadonlyMap<string, number> | null;
}

export interface History {
  /** Remembers one sample. `null` says that the source was looked at and gave no answer: unknown, not zero. */
  record(at: number, countsByApplication: ReadonlyMap<string, number> | null): void;
  /**
   * What is remembered with fromMs ≤ at ≤ toMs, oldest first: at most one point per bucket of the finest tier that
   * covers the moment.
   */
  window(fromMs: number, toMs: number): readonly HistoryPoint[];
  /**
   * The totals of the same points, without the blind ones; the newest sample comes last though its bucket may have had a
   * higher one. Cheap enough for every sample: ten minutes by the second take 0.04 ms.
   */
  totals(fromMs: number, toMs: number): readonly TotalPoint[];
  /** Who rose since the lowest total with fromMs ≤ at ≤ toMs, up to the newest sample of that time; most first. */
  growth(fromMs: number, toMs: number): readonly ApplicationGrowth[];
}

export interface HistoryOptions extends HistoryTier {
  /** What is kept of the time before: coarser and longer from one to the next. */
  readonly coarser?: readonly HistoryTier[];
  /** Names kept per point, the largest; the rest are counted together as `other`. */
  readonly applicationsPerPoint?: number;
}

/** By the second for what charts show (product.md §4), by the minute for half a day, for the tale of an incident. */
export const LAST_HOURS: HistoryOptions = {
  bucketMs: 1_000,
  spanMs: 30 * 60_000,
  coarser: [
    { bucketMs: 10_000, spanMs: 3 * 3_600_000 },
    { bucketMs: 60_000, spanMs: 12 * 3_600_000 },
  ],
};

/**
 * Connection counts of the last hours, finer the newer. Of each bucket the sample with the highest total stays, so that
 * no peak is lost; a blind sample stays only where nothing was counted.
 *
 * Memory: per tier spanMs / bucketMs + 1 slots, whatever happens, each with at most `applicationsPerPoint` (64) names,
 * which slots share while they stay the same, and the tiers share the slots. Measured for `LAST_HOURS` (3,603 slots), full:
 * 0.7 MB with 8 applications, 1.4 MB with 64, 10 MB with 64 that are new in every sample.
 */
export function createHistory(options: HistoryOptions): History {
  const { coarser = [], applicationsPerPoint = 64 } = options;
  const tiers = [options, ...coarser];
  checkTiers(tiers);
  const rings = tiers.map(createRing);
  let latestNames: readonly string[] = [];
  let newest: Slot | null = null;

  /** The slots of every tier, oldest first, each from where the finer one does not reach. */
  function slotsBetween(fromMs: number, toMs: number): readonly Slot[] {
    const parts: (readonly Slot[])[] = [];
    let before = Number.POSITIVE_INFINITY;
    for (const [index, ring] of rings.entries()) {
      const begin = beginOf(index);
      const part = ring.between(Math.max(fromMs, begin), Math.min(toMs, before));
      parts.unshift(before > toMs ? part : part.filter(({ at }) => at < before));
      if (begin <= fromMs) break;
      before = begin;
    }
    return parts.flat();
  }

  /** Where a tier begins: within its span, and where a bucket of the next one does, so that none is told twice. */
  function beginOf(index: number): number {
    const [tier, next] = [tiers[index], tiers[index + 1]];
    if (tier === undefined || next === undefined || newest === null) return Number.NEGATIVE_INFINITY;
    return Math.ceil((newest.at - tier.spanMs) / next.bucketMs) * next.bucketMs;
  }

  return {
    record(at, countsByApplication) {
      if (!tiers.every(({ bucketMs }) => Number.isSafeInteger(Math.floor(at / bucketMs)))) {
        throw new RangeError(`A sample needs a time in milliseconds, not ${at}`);
      }
      newest = toSlot(at, countsByApplication);
      for (const ring of rings) ring.keep(newest);
    },
    window(fromMs, toMs) {
      return slotsBetween(fromMs, toMs).map(({ at, names, counts }) => ({
        at,
        counts: counts && new Map(names.map((name, index) => [name, counts[index] ?? 0])),
      }));
    },
    totals(fromMs, toMs) {
      const totals: TotalPoint[] = [];
      for (const { at, total, counts } of slotsBetween(fromMs, toMs)) if (counts) totals.push({ at, total });
      const last = totals.at(-1);
      const isOutdone = last !== undefined && newest !== null && newest.at > last.at && newest.at <= toMs;
      if (newest?.counts && isOutdone) totals.push({ at: newest.at, total: newest.total });
      return totals;
    },
    growth(fromMs, toMs) {
      const slots = slotsBetween(fromMs, toMs).filter(({ counts }) => counts !== null);
      const [first] = slots;
      if (first === undefined || !newest?.counts || newest.at > toMs) return [];
      const lowest = slots.reduce((least, slot) => (slot.total < least.total ? slot : least), first);
      return compareSlots(lowest, newest);
    },
  };

  function toSlot(at: number, countsByApplication: ReadonlyMap<string, number> | null): Slot {
    if (countsByApplication === null) return { at, total: 0, names: [], counts: null };
    const entries = foldSmallest(countsByApplication, applicationsPerPoint);
    latestNames = internNames(
      entries.map(([name]) => name),
      latestNames,
    );
    const counts = entries.map(([, count]) => count);
    return { at, total: counts.reduce((sum, count) => sum + count, 0), names: latestNames, counts };
  }
}

function compareSlots(before: Slot, after: Slot): readonly ApplicationGrowth[] {
  const had = new Map(before.names.map((name, index) => [name, before.counts?.[index] ?? 0]));
  return after.names
    .map((application, index) => ({ application, by: (after.counts?.[index] ?? 0) - (had.get(application) ?? 0) }))
    .filter(({ by }) => by > 0)
    .sort((a, b) => b.by - a.by || compare(a.application, b.application));
}

function checkTiers(tiers: readonly HistoryTier[]): void {
  for (const [index, { bucketMs, spanMs }] of tiers.entries()) {
    if (!(bucketMs > 0 && spanMs >= bucketMs && Number.isFinite(spanMs / bucketMs))) {
      throw new RangeError(`A history needs 0 < bucketMs ≤ spanMs, not ${bucketMs} and ${spanMs}`);
    }
    const finer = tiers[index - 1];
    if (finer && (bucketMs <= finer.bucketMs || spanMs <= finer.spanMs)) {
      throw new RangeError(`A coarser tier has longer buckets and a longer span, not ${bucketMs} and ${spanMs}`);
    }
  }
}

/** Positive whole counts sorted by name, at most `most` of them: the smallest go together as `other`. */
function foldSmallest(counts: ReadonlyMap<string, number>, most: number): [string, number][] {
  const present = [...counts].filter(([, count]) => Number.isSafeInteger(count) && count > 0);
  if (present.length > most) {
    present.sort(([a, m], [b, n]) => n - m || compare(a, b));
    const rest = present.splice(Math.max(0, most - 1));
    const folded = rest.reduce((sum, [, count]) => sum + count, 0);
    const other = present.find(([name]) => name === FOLDED_APPLICATIONS);
    if (other) other[1] += folded;
    else present.push([FOLDED_APPLICATIONS, folded]);
  }
  return present.sort(([a], [b]) => compare(a, b));
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
