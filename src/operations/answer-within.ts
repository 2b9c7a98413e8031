import type { Clock } from '../model/clock.ts';
import { formatDuration } from '../model/duration.ts';
import { type Observed, unseen } from '../model/observed.ts';

/** A person waits: a server that takes longer is told as one that does not answer. */
export const PERSON_WAITS_MS = 4_000;

/** The answer, or that there was none in time; what comes later is dropped. Never rejects as long as `answer` does not. */
export async function answerWithin<T>(answer: Promise<Observed<T>>, ms: number, clock: Clock): Promise<Observed<T>> {
  const over = new AbortController();
  const late = clock.sleep(ms, over.signal).then(() => unseen(`no answer within ${formatDuration(ms)}`, clock.now()));
  try {
    return await Promise.race([answer, late]);
  } finally {
    over.abort();
  }
}
