import { createHash, timingSafeEqual } from 'node:crypto';
import type { Secret } from '../../model/secret.ts';

/**
 * Whether an Authorization header carries the token, in a time that tells nothing of it: digests are of one length,
 * whatever was sent. Without a token nobody is let in.
 */
export function bearsToken(header: string | undefined, token: Secret | undefined): boolean {
  const [, given] = /^Bearer +(\S+) *$/i.exec(header ?? '') ?? [];
  if (token === undefined || given === undefined) return false;
  return timingSafeEqual(digest(given), digest(token.reveal()));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
