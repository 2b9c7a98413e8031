import { DiscordAPIError, HTTPError, RateLimitError, type RawFile, type REST } from '@discordjs/rest';
import { RESTJSONErrorCodes, Routes } from 'discord-api-types/v10';
import { z } from 'zod';
import type { ChannelTransport, Delivered } from '../delivery/transport.ts';
import type { Message } from '../render/message.ts';
import { fitMessage, type MessageBody } from './fit-message.ts';

const messageSchema = z.object({ id: z.string() });

/** Posts to and edits in one channel as the bot. Needs View Channel, Send Messages, Embed Links and Attach Files there. */
export function createChannelTransport(rest: REST, channelId: string): ChannelTransport {
  return {
    post: (message, nonce) =>
      settle(message, (body) =>
        rest.post(Routes.channelMessages(channelId), {
          body: { ...body, nonce, enforce_nonce: true },
          files: filesOf(message),
        }),
      ),
    edit: (messageId, message) =>
      // An edit never pings; it does not ask for it either.
      settle({ ...message, pingRoles: [] }, (body) =>
        rest.patch(Routes.channelMessage(channelId, messageId), { body, files: filesOf(message) }),
      ),
  };
}

/** A message's attachment in the form of REST. */
export function filesOf({ file }: Message): RawFile[] {
  return file ? [{ name: file.name, data: Buffer.from(file.data), contentType: 'image/png' }] : [];
}

async function settle(message: Message, send: (body: MessageBody) => Promise<unknown>): Promise<Delivered> {
  let body: MessageBody;
  try {
    body = fitMessage(message);
  } catch (error) {
    return { kind: 'refused', reason: `the message cannot be sent: ${String(error)}` };
  }
  try {
    return { kind: 'delivered', messageId: messageSchema.parse(await send(body)).id };
  } catch (error) {
    return classifySendError(error);
  }
}

/** What a failed request says of the message: whether it may have arrived, and whether to try again. Pure. */
export function classifySendError(error: unknown): Exclude<Delivered, { kind: 'delivered' }> {
  if (error instanceof RateLimitError) {
    return { kind: 'failed', reason: `rate limited on ${error.route}`, retryAfterMs: error.retryAfter };
  }
  if (error instanceof DiscordAPIError) {
    if (error.code === RESTJSONErrorCodes.UnknownMessage) return { kind: 'gone' };
    const reason = `Discord answers ${error.status}: ${error.message}`;
    // 401 has been seen to pass by itself (facts.md, Discord 2); every other 4xx will say the same again.
    return error.status === 401 ? { kind: 'failed', reason, retryAfterMs: 5_000 } : { kind: 'refused', reason };
  }
  if (error instanceof HTTPError) return { kind: 'uncertain', reason: `Discord answers ${error.status}` };
  if (!(error instanceof Error)) return { kind: 'uncertain', reason: 'no answer from Discord' };
  const { code = error.name } = error as { readonly code?: unknown };
  const reason = `no answer from Discord (${String(code)})`;
  return NEVER_SENT.has(String(code)) ? { kind: 'failed', reason, retryAfterMs: 0 } : { kind: 'uncertain', reason };
}

/** There was no connection that anything could have gone through. */
const NEVER_SENT: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);
