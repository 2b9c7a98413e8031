const SHORTEST_MS = 250;
const LONGEST_MS = 30_000;

/**
 * How long to wait before attempt `attempt` (1, 2, …; 0: at once), milliseconds: doubling from 250 ms to 30 s, of which
 * `random` (0 to 1) takes away up to half, so that an API server that comes back is not met in step.
 */
export function decideRetryDelay(attempt: number, random: () => number): number {
  if (attempt === 0) return 0;
  const full = Math.min(LONGEST_MS, SHORTEST_MS * 2 ** Math.min(attempt - 1, 30));
  return Math.round(full * (1 - random() / 2));
}
