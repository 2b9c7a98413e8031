import { formatDuration } from '../model/duration.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/**
 * An age in milliseconds for a headline, rounded down ever more coarsely: each change of the text is an edit of its
 * message, and an age changes with every sample.
 */
export function describeAge(ms: number): string {
  return formatDuration(Math.floor(ms / stepOf(ms)) * stepOf(ms));
}

/** A moment that stays the same while an age grows: `2020-12-11 13:24 UTC`. */
export function describeMoment(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function stepOf(ms: number): number {
  if (ms < 10_000) return 1;
  if (ms < MINUTE_MS) return 10_000;
  if (ms < HOUR_MS) return MINUTE_MS;
  return ms < 2 * DAY_MS ? 10 * MINUTE_MS : DAY_MS;
}
