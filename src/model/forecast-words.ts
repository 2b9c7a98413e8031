import { formatDuration } from './duration.ts';

const MINUTE_MS = 60_000;

/** The time to exhaustion as far as it can be trusted: `40 s` by tens of seconds, `4 min`, `1 h 10 min`. */
export function formatTimeToFull(inMs: number): string {
  const step = inMs < 2 * MINUTE_MS ? 10_000 : MINUTE_MS;
  return formatDuration(Math.max(step, Math.round(inMs / step) * step));
}

/** `rising by 12 a minute`, with a digit after the point where it counts. */
export function formatRise(perMinute: number): string {
  return `rising by ${perMinute < 3 ? Number(perMinute.toFixed(1)) : Math.round(perMinute)} a minute`;
}
