import type { Clock } from '../model/clock.ts';

/** Says whether a line may be logged again: what strangers can cause must not fill the log. */
export function createSparing(clock: Clock, everyMs = 60_000): () => boolean {
  let last: number | null = null;
  return () => {
    const now = clock.now();
    if (last !== null && now >= last && now - last < everyMs) return false;
    last = now;
    return true;
  };
}
