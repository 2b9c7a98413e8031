import type { IncomingMessage } from 'node:http';
import type { Clock } from '../model/clock.ts';

export type Body =
  | { readonly ok: true; readonly text: string }
  /** `cut`: the caller went away, and nobody waits for an answer. */
  | { readonly ok: false; readonly fault: 'too-large' | 'cut' };

/** Reads a body of at most `limit` bytes. What is above the limit is not kept; it goes on flowing, for `drainBody`. */
export function readBody(request: IncomingMessage, limit: number): Promise<Body> {
  const { promise, resolve } = Promise.withResolvers<Body>();
  let chunks: Buffer[] = [];
  let size = 0;
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
    else {
      chunks = [];
      resolve({ ok: false, fault: 'too-large' });
    }
  });
  request.on('end', () => resolve({ ok: true, text: Buffer.concat(chunks).toString('utf8') }));
  request.on('close', () => resolve({ ok: false, fault: 'cut' }));
  return promise;
}

/** How long a caller who is refused may go on sending: closing at once would reset the connection under the answer. */
const DRAIN_MS = 1_000;

/** Throws away what a caller still sends, for a moment; resolves at its end. */
export async function drainBody(request: IncomingMessage, clock: Clock): Promise<void> {
  if (request.complete || request.destroyed) return;
  const over = new AbortController();
  request.once('end', () => over.abort());
  request.once('close', () => over.abort());
  request.resume();
  await clock.sleep(DRAIN_MS, over.signal);
}
