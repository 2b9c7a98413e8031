const SHORTEST_MS = 250;
const LONGEST_MS = 10_000;

/**
 * How long to wait before attempt `attempt` (0, 1, …), milliseconds: doubling from 250 ms to 10 s, of which `random`
 * (0 to 1) takes away up to half, so that two bots or two databases never knock in step.
 */
export function decideRetryDelay(attempt: number, random: () => number): number {
  const full = Math.min(LONGEST_MS, SHORTEST_MS * 2 ** Math.min(attempt, 30));
  return Math.round(full * (1 - random() / 2));
}

/** A session that lived this long was a good one: the next loss starts again from the shortest delay. */
export const SETTLED_AFTER_MS = LONGEST_MS;
