import type { Clock } from '../model/clock.ts';
import { createDoorbell } from '../time/doorbell.ts';
import { joinUnderWay } from './join-under-way.ts';

/** One act, done again and again on a clock of its own. */
export interface Repeated {
  /** Now, or the one under way: never two at once. */
  now(): Promise<void>;
  /** There is news: the next one is due at once, or as soon as the one under way is done. */
  demand(): void;
  /** What `restMs` rests on has changed. */
  reconsider(): void;
  /** Resolves when the one under way is done. */
  stop(): Promise<void>;
}

/** Begins at once. `restMs` says how long to rest after the last one, milliseconds, and is asked anew at each waking. */
export function keepDoing(
  clock: Clock,
  { act, restMs }: { readonly act: () => Promise<void>; readonly restMs: () => number },
): Repeated {
  const bell = createDoorbell(clock);
  let stopped = false;
  let demanded = false;
  let doneAt = clock.now();

  const now = joinUnderWay(async () => {
    demanded = false;
    await act();
    doneAt = clock.now();
  });
  const dueInMs = (): number => {
    // A clock that was set back must not make it a long rest.
    doneAt = Math.min(doneAt, clock.now());
    return demanded ? 0 : Math.max(0, doneAt + restMs() - clock.now());
  };
  const running = (async () => {
    await now();
    while (!stopped) {
      await bell.wait(dueInMs());
      if (!stopped && dueInMs() === 0) await now();
    }
  })();

  return {
    now,
    demand() {
      demanded = true;
      bell.ring();
    },
    reconsider: () => bell.ring(),
    async stop() {
      stopped = true;
      bell.ring();
      await running;
    },
  };
}
