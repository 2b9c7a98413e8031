import type { Clock } from '../model/clock.ts';
import type { Log } from '../model/log.ts';
import { type Observed, seen, unseen } from '../model/observed.ts';
import { ApiError } from './api-error.ts';

/** Turns reading into a port that never throws: the answer as of when it was asked for, or the reason why there is none. */
export type Observe = <T>(act: () => Promise<T>) => Promise<Observed<T>>;

export function createObserver(clock: Clock, log: Log): Observe {
  return async (act) => {
    const askedAt = clock.now();
    try {
      return seen(await act(), askedAt);
    } catch (error) {
      if (error instanceof ApiError) return unseen(error.message, askedAt);
      log.error({ err: error }, 'an answer of the API server could not be read');
      return unseen('What the API server answered cannot be read; the log says more.', askedAt);
    }
  };
}

/** What an object that is not there comes to: null. Anything else is still a fault. */
export async function nullIfMissing<T>(act: Promise<T>): Promise<T | null> {
  try {
    return await act;
  } catch (error) {
    if (error instanceof ApiError && error.fault === 'not-found') return null;
    throw error;
  }
}
