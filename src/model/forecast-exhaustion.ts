import { type Climb, findClimb, LEAST_RISE } from './find-climb.ts';
import type { Forecast, TotalPoint } from './forecast.ts';
import { medianBlocks } from './median-blocks.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

/** How far back totals matter to the forecast. */
export const FORECAST_LOOK_BACK_MS = 10 * MINUTE_MS;
/** The first finds a leak early, the last one that is slow. Shortest first. */
const WINDOWS_MS = [90 * SECOND_MS, 3 * MINUTE_MS, 6 * MINUTE_MS] as const;
const BLOCK_MS = 15 * SECOND_MS;
/** Six minutes of evidence say nothing of what comes later than this. */
const HORIZON_MS = 120 * MINUTE_MS;

/**
 * When the last of `usable` connections (null: unknown) will be taken, should things go on as they do. Pure; `now` in
 * epoch milliseconds; totals in any order, later ones than `now` and broken ones are passed over.
 *
 * Method (docs/decisions/0006-forecast.md): the Theil–Sen slope of block medians over 90 s, 3 min and 6 min, each
 * believed only where the rise is spread over its window and exceeds the noise (`find-climb.ts`). Of those that are
 * believed the longest that agrees with the shortest tells the rate; then the last 90 s must still rise, and the
 * connections must not have fallen back by themselves from such a height twice in ten minutes.
 *
 * Measured: a leak of 6 a minute to 10 a second is forecast 50 to 90 s after it began under noise of ±1, one of 1 a
 * minute after 4 to 5 min; one that stopped is forgotten within 2 min. 0.1 ms for ten minutes by the second.
 */
export function forecastExhaustion(totals: readonly TotalPoint[], usable: number | null, now: number): Forecast {
  if (usable === null) return { kind: 'unknown', reason: 'the limits of the server are unknown' };
  const points = latestInOrder(totals, now);
  const newest = points.at(-1);
  if (newest === undefined || newest.at <= now - BLOCK_MS) {
    return { kind: 'unknown', reason: `nothing was counted in the last ${BLOCK_MS / SECOND_MS} s` };
  }
  const climb = findLastingClimb(points, now);
  const perMinute = typeof climb === 'object' ? climb.perMs * MINUTE_MS : 0;
  if (newest.total >= usable) return { kind: 'exhausts', inMs: 0, perMinute };
  if (climb === 'unseen') {
    return { kind: 'unknown', reason: `too little was counted in the last ${WINDOWS_MS[0] / SECOND_MS} s` };
  }
  if (climb === 'none') return { kind: 'steady' };
  // Not full yet, though the line may say so.
  const inMs = Math.max(1, Math.round((usable - climb.level) / climb.perMs));
  return inMs > HORIZON_MS ? { kind: 'steady' } : { kind: 'exhausts', inMs, perMinute };
}

function findLastingClimb(points: readonly TotalPoint[], now: number): Climb | 'none' | 'unseen' {
  const searches = WINDOWS_MS.map((spanMs) => findClimb(points, now, spanMs));
  const climbs = searches.flatMap((search) => (search.kind === 'climb' ? [search.climb] : []));
  const [shortest] = climbs;
  if (shortest === undefined) return searches[0]?.kind === 'unseen' ? 'unseen' : 'none';
  const climb = climbs.findLast(({ perMs }) => Math.abs(perMs - shortest.perMs) <= shortest.perMs / 2) ?? shortest;
  const blocks = medianBlocks(points, now, BLOCK_MS, FORECAST_LOOK_BACK_MS / BLOCK_MS);
  const seen = blocks.filter((block) => block !== null);
  const recent = seen.filter(({ at }) => at > now - WINDOWS_MS[0]);
  return hasStopped(recent, climb) || fallsBack(seen, climb) ? 'none' : climb;
}

/** Of what the line expects of the last 90 s, so much must have come; less says that the leak is over. */
const GOES_ON = 0.4;

function hasStopped(recent: readonly TotalPoint[], { perMs, noise }: Climb): boolean {
  const [first] = recent;
  const last = recent.at(-1);
  if (first === undefined || last === undefined) return true;
  const expected = perMs * (last.at - first.at);
  // So slow a leak is not to be seen in 90 s: its own window lets it go.
  if (expected < LEAST_RISE) return false;
  return last.total - first.total < GOES_ON * expected - 2 * noise;
}

/** One fall is a mass terminate, after which a leak goes on; two are a rhythm, as of a job that runs every minute. */
const FALLS_OF_A_RHYTHM = 2;

function fallsBack(blocks: readonly TotalPoint[], { from, rise }: Climb): boolean {
  const upper = from + 0.7 * rise;
  const lower = from + 0.3 * rise;
  let isUp = false;
  let falls = 0;
  for (const { total } of blocks) {
    if (isUp && total <= lower) falls += 1;
    if (total >= upper) isUp = true;
    else if (total <= lower) isUp = false;
  }
  return falls >= FALLS_OF_A_RHYTHM;
}

function latestInOrder(totals: readonly TotalPoint[], now: number): readonly TotalPoint[] {
  return totals
    .filter(({ at, total }) => at > now - FORECAST_LOOK_BACK_MS && at <= now && Number.isFinite(total))
    .sort((a, b) => a.at - b.at);
}
