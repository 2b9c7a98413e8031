import type { Message } from '../render/message.ts';

/** How a post or an edit ended. A time-out is `uncertain`: it may have arrived (facts.md, Discord 3). */
export type Delivered =
  | { readonly kind: 'delivered'; readonly messageId: string }
  | { readonly kind: 'uncertain'; readonly reason: string }
  /** Nothing arrived, and it may be tried again, not before `retryAfterMs`. */
  | { readonly kind: 'failed'; readonly reason: string; readonly retryAfterMs: number }
  /** The message to edit is gone: somebody deleted it. */
  | { readonly kind: 'gone' }
  /** Trying again cannot help: a missing permission, a channel that does not exist. */
  | { readonly kind: 'refused'; readonly reason: string };

/** The port to a channel; never throws. A nonce (at most 25 characters) makes repeated posts one message. */
export interface ChannelTransport {
  post(message: Message, nonce: string): Promise<Delivered>;
  edit(messageId: string, message: Message): Promise<Delivered>;
}
