import type { Clock } from '../../src/model/clock.ts';

/** A clock that stands still until the test moves it. */
export interface ManualClock extends Clock {
  /** Moves time on, waking sleepers in order and letting what they do settle before the next one wakes. */
  advance(ms: number): Promise<void>;
  /** What is slept for, milliseconds from now, soonest first. */
  sleeping(): readonly number[];
}

export function createManualClock(startAt = Date.UTC(2020, 11, 11, 13, 24)): ManualClock {
  let time = startAt;
  const sleepers = new Set<{ readonly at: number; readonly wake: () => void }>();

  return {
    now: () => time,
    sleep(ms, signal) {
      if (signal?.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const sleeper = { at: time + ms, wake: done };
        function done(): void {
          sleepers.delete(sleeper);
          resolve();
        }
        sleepers.add(sleeper);
        signal?.addEventListener('abort', done, { once: true });
      });
    },
    async advance(ms) {
      const end = time + ms;
      await settle();
      for (;;) {
        const next = [...sleepers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        time = Math.max(time, next.at);
        next.wake();
        await settle();
      }
      time = end;
      await settle();
    },
    sleeping: () => [...sleepers].map(({ at }) => at - time).sort((a, b) => a - b),
  };
}

/** Lets all promises that can go on, go on. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
