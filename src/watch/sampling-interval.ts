import type { Forecast } from '../model/forecast.ts';

/** Below this share of the nearest threshold the sampling is calm; from the second on it is fast. */
const CALM_BELOW = 0.5;
const FAST_FROM = 0.75;
/** With less than this to the last connection the sampling is fast, with more than the second calm. */
const FAST_WITHIN_MS = 2 * 60_000;
const CALM_BEYOND_MS = 20 * 60_000;
/** A source that does not answer is asked again soon: its return, or what it hides, is news. */
const BLIND_MS = 1_000;

/** Both milliseconds. */
interface Sampling {
  readonly calmMs: number;
  readonly fastMs: number;
}

/**
 * The time to the next sample, milliseconds, never beyond what `sampling` allows: calm far from every threshold and from
 * exhaustion, fast near either, geometric in between. Pure. `closeness` is the largest value ÷ threshold of all rules;
 * null while the source does not answer.
 */
export function decideSamplingInterval(situation: {
  readonly closeness: number | null;
  readonly forecast: Forecast;
  readonly sampling: Sampling;
}): number {
  const { closeness, forecast, sampling } = situation;
  return Math.min(intervalByCloseness(closeness, sampling), intervalByForecast(forecast, sampling));
}

function intervalByCloseness(closeness: number | null, sampling: Sampling): number {
  const { calmMs, fastMs } = sampling;
  if (closeness === null) return Math.max(fastMs, Math.min(calmMs, BLIND_MS));
  return between((closeness - CALM_BELOW) / (FAST_FROM - CALM_BELOW), sampling);
}

function intervalByForecast(forecast: Forecast, sampling: Sampling): number {
  if (forecast.kind !== 'exhausts') return sampling.calmMs;
  return between((CALM_BEYOND_MS - forecast.inMs) / (CALM_BEYOND_MS - FAST_WITHIN_MS), sampling);
}

/** `urgency` 0 and less is calm, 1 and more fast. */
function between(urgency: number, { calmMs, fastMs }: Sampling): number {
  if (urgency <= 0) return calmMs;
  if (urgency >= 1) return fastMs;
  return Math.round(calmMs * (fastMs / calmMs) ** urgency);
}
