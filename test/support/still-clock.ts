import type { Clock } from '../../src/model/clock.ts';

/** A clock that stands still until the test moves it; sleepers wake when their time has come. */
export interface StillClock extends Clock {
  /** What is slept for, milliseconds from now, soonest first. */
  sleeping(): readonly number[];
  /** Moves time on, wakes who is due, and lets what follows from that happen. */
  advance(ms: number): Promise<void>;
}

export function createStillClock(): StillClock {
  let now = 0;
  let sleepers: { readonly until: number; readonly wake: () => void }[] = [];
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted === true) {
          resolve();
          return;
        }
        const sleeper = { until: now + ms, wake: resolve };
        sleepers.push(sleeper);
        signal?.addEventListener('abort', () => {
          sleepers = sleepers.filter((other) => other !== sleeper);
          resolve();
        });
      }),
    sleeping: () => sleepers.map(({ until }) => until - now).sort((a, b) => a - b),
    advance: async (ms) => {
      now += ms;
      const due = sleepers.filter(({ until }) => until <= now);
      sleepers = sleepers.filter(({ until }) => until > now);
      for (const { wake } of due) wake();
      await settle();
    },
  };
}

/** Lets all promises that can go on, go on. */
export function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
