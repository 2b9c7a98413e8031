import { DiscordAPIError, HTTPError, RateLimitError } from '@discordjs/rest';
import { RESTJSONErrorCodes } from 'discord-api-types/v10';
import type { Delivered } from '../delivery/transport.ts';

/** What a failed request says of the message: whether it may have arrived, and whether to try again. Pure. */
export function classifySendError(error: unknown): Exclude<Delivered, { kind: 'delivered' }> {
  if (error instanceof RateLimitError) {
    const { global, route, retryAfter } = error;
    return {
      kind: 'failed',
      reason: `rate limited on ${route}`,
      // A proxy's 429 may lack the header: then nobody has said how long.
      retryAfterMs: retryAfter > 0 ? retryAfter : UNSAID_RETRY_MS,
      limited: global ? 'global' : 'channel',
    };
  }
  if (error instanceof DiscordAPIError) {
    if (error.code === RESTJSONErrorCodes.UnknownMessage) return { kind: 'gone' };
    const reason = `Discord answers ${error.status}: ${error.message}`;
    if (error.status === 401) return { kind: 'unauthorised', reason };
    const ofChannel = error.status === 403 || error.status === 404 || SHUT_THREAD.has(error.code);
    return { kind: 'refused', reason, of: ofChannel ? 'channel' : 'message' };
  }
  if (error instanceof HTTPError) return { kind: 'uncertain', reason: `Discord answers ${error.status}` };
  if (!(error instanceof Error)) return { kind: 'uncertain', reason: 'no answer from Discord' };
  const { code: given } = error as { readonly code?: unknown };
  // An AbortError's code is the number 20, which tells nobody anything.
  const code = typeof given === 'string' ? given : error.name;
  const reason = `no answer from Discord (${code})`;
  return NEVER_SENT.has(code) ? { kind: 'failed', reason, retryAfterMs: 0 } : { kind: 'uncertain', reason };
}

/** Answered with 400, though no other message would fare better there. */
const SHUT_THREAD: ReadonlySet<unknown> = new Set([
  RESTJSONErrorCodes.InvalidActionOnArchivedThread,
  RESTJSONErrorCodes.ThreadLocked,
]);

const UNSAID_RETRY_MS = 1_000;

/** There was no connection that anything could have gone through. */
export const NEVER_SENT: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);
