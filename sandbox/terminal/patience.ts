import { setTimeout as delay } from 'node:timers/promises';

/** What takes longer goes on, and nobody waits for it: the next line must be read all the same. */
export async function withPatience<T>(ms: number, work: Promise<T>): Promise<T | 'late'> {
  const over = new AbortController();
  try {
    return await Promise.race([work, delay(ms, 'late' as const, { signal: over.signal })]);
  } finally {
    over.abort();
  }
}
