import type { Clock } from '../model/clock.ts';

/** A sleep that news can cut short: loops wait on it, whoever has news rings it. */
export interface Doorbell {
  /** Ends the wait under way, or the next one when nobody waits yet: no ring is lost. */
  ring(): void;
  /** Resolves after `ms` milliseconds or at the next ring. One waiter at a time. */
  wait(ms: number): Promise<void>;
}

export function createDoorbell(clock: Clock): Doorbell {
  let rung = false;
  let waiting: AbortController | null = null;
  return {
    ring() {
      rung = true;
      waiting?.abort();
    },
    async wait(ms) {
      if (!rung) {
        waiting = new AbortController();
        await clock.sleep(ms, waiting.signal);
        waiting = null;
      }
      rung = false;
    },
  };
}
