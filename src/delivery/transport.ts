import type { Message } from '../render/message.ts';

/** How a post or an edit ended. A time-out is `uncertain`: it may have arrived (facts.md, Discord 3). */
export type Delivered =
  | { readonly kind: 'delivered'; readonly messageId: string }
  | { readonly kind: 'uncertain'; readonly reason: string }
  /** Nothing arrived, and it may be tried again, not before `retryAfterMs`. */
  | {
      readonly kind: 'failed';
      readonly reason: string;
      readonly retryAfterMs: number;
      /** A rate limit, and of what: of this sort of request in the channel, or of everything the bot sends. */
      readonly limited?: 'channel' | 'global';
    }
  /** The message to edit is gone: somebody deleted it. */
  | { readonly kind: 'gone' }
  /** Only a person can change this answer: about this message, or about the channel (a missing permission, no such channel). */
  | { readonly kind: 'refused'; readonly reason: string; readonly of: 'message' | 'channel' }
  /** The token is not accepted: passing (facts.md, Discord 2), or dead. */
  | { readonly kind: 'unauthorised'; readonly reason: string };

/** What a look-up in the channel's history came to. */
export type Found =
  /** The bot's own messages with that mark, oldest first; empty: there is none. */
  | { readonly kind: 'found'; readonly messageIds: readonly string[] }
  /** The history may not be read: no look-up will ever answer. */
  | { readonly kind: 'refused'; readonly reason: string }
  | {
      readonly kind: 'failed';
      readonly reason: string;
      readonly retryAfterMs: number;
      readonly limited?: 'channel' | 'global';
    };

/** The port to a channel; never throws. A nonce (at most 25 characters) makes repeated posts one message, for minutes. */
export interface ChannelTransport {
  post(message: Message, nonce: string): Promise<Delivered>;
  edit(messageId: string, message: Message): Promise<Delivered>;
  /**
   * Looks for messages since `sinceMs` (epoch milliseconds) that carry `mark`: as a part between the colons of a custom
   * id, or between the ` · ` of a footer, alone or followed by a point.
   */
  find(mark: string, sinceMs: number): Promise<Found>;
}
