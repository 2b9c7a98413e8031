import type { Clock } from '../model/clock.ts';
import { ApiError } from './api-error.ts';

const MOST_WAITS = 2;
/** Where the server does not say when to come back: as it says itself (golden 279). */
const USUAL_WAIT_MS = 1_000;

/**
 * Asks again after a 429, which comes before any effect: twice at most, as long as the server says, and never so that it
 * would be asked after `giveUpAt` (epoch milliseconds). Rejects with what was answered last.
 */
export async function waitOut<T>(clock: Clock, giveUpAt: number, act: () => Promise<T>): Promise<T> {
  for (let waits = 0; ; waits += 1) {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof ApiError) || error.fault !== 'too-many' || waits === MOST_WAITS) throw error;
      const waitMs = error.retryAfterMs ?? USUAL_WAIT_MS;
      if (clock.now() + waitMs > giveUpAt) throw error;
      await clock.sleep(waitMs);
    }
  }
}
