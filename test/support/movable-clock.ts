import type { Clock } from '../../src/model/clock.ts';

/** The true time, which a test may move on: for real servers and clients that would be waited for too long. */
export interface MovableClock extends Clock {
  /** Passes so many milliseconds at once and wakes the sleepers that are due. */
  skip(ms: number): void;
  /** How many sleep: none may be left by what has been stopped. */
  readonly sleepers: number;
}

export function createMovableClock(): MovableClock {
  const sleepers = new Set<{ readonly until: number; readonly wake: () => void }>();
  let skipped = 0;
  const now = (): number => Date.now() + skipped;
  return {
    now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted === true) return resolve();
        const timer = setTimeout(wake, ms);
        const sleeper = { until: now() + ms, wake };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', wake, { once: true });
        function wake(): void {
          clearTimeout(timer);
          sleepers.delete(sleeper);
          signal?.removeEventListener('abort', wake);
          resolve();
        }
        return undefined;
      }),
    skip(ms) {
      skipped += ms;
      for (const { until, wake } of sleepers) if (until <= now()) wake();
    },
    get sleepers() {
      return sleepers.size;
    },
  };
}
