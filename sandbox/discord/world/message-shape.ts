import { userShape } from './api-shapes.ts';
import type { Message } from './state.ts';

type Json = Record<string, unknown>;

/** A message as read back: only the answer to the POST that made it carries the nonce. */
export function messageShape({ nonce: _nonce, ...message }: Message): Json {
  const { interaction_metadata: metadata } = message;
  return {
    ...message,
    author: userShape(message.author),
    mentions: message.mentions.map(userShape),
    ...(metadata && { interaction_metadata: { ...metadata, user: userShape(metadata.user) } }),
  };
}

/** A message as it comes back to who posts it, and as it is dispatched. */
export function createdMessageShape(message: Message): Json {
  return { ...messageShape(message), ...(message.nonce === undefined ? {} : { nonce: message.nonce }) };
}
