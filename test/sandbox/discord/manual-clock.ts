import type { Clock } from '../../../src/model/clock.ts';

/** Time that stands still until it is told to pass. */
export interface ManualClock extends Clock {
  /** Passes so many milliseconds and wakes the sleepers that are due, in order. */
  pass(ms: number): Promise<void>;
}

export function createManualClock(start = Date.UTC(2026, 10, 23, 8)): ManualClock {
  let now = start;
  const sleepers = new Set<{ readonly at: number; readonly wake: () => void }>();
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted === true) return resolve();
        const sleeper = {
          at: now + ms,
          wake: () => {
            sleepers.delete(sleeper);
            signal?.removeEventListener('abort', sleeper.wake);
            resolve();
          },
        };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', sleeper.wake);
        return undefined;
      }),
    async pass(ms) {
      now += ms;
      const due = [...sleepers].filter(({ at }) => at <= now).sort((a, b) => a.at - b.at);
      for (const { wake } of due) wake();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}
