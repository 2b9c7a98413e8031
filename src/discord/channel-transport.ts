import {
  DiscordAPIError,
  HTTPError,
  RateLimitError,
  type RawFile,
  type REST,
  RESTJSONErrorCodes,
  Routes,
} from 'discord.js';
import { z } from 'zod';
import type { ChannelTransport, Delivered } from '../delivery/transport.ts';
import type { Message } from '../render/message.ts';
import { fitMessage } from './fit-message.ts';

const messageSchema = z.object({ id: z.string() });

/** Posts to and edits in one channel as the bot. Needs View Channel, Send Messages, Embed Links and Attach Files there. */
export function createChannelTransport(rest: REST, channelId: string): ChannelTransport {
  return {
    post: (message, nonce) =>
      settle(() =>
        rest.post(Routes.channelMessages(channelId), {
          body: { ...fitMessage(message), nonce, enforce_nonce: true },
          files: filesOf(message),
        }),
      ),
    edit: (messageId, message) =>
      settle(() =>
        rest.patch(Routes.channelMessage(channelId, messageId), {
          // An edit never pings; it does not ask for it either.
          body: fitMessage({ ...message, pingRoles: [] }),
          files: filesOf(message),
        }),
      ),
  };
}

/** A message's attachment in the form of REST. */
export function filesOf({ file }: Message): RawFile[] {
  return file ? [{ name: file.name, data: Buffer.from(file.data), contentType: 'image/png' }] : [];
}

async function settle(send: () => Promise<unknown>): Promise<Delivered> {
  try {
    return { kind: 'delivered', messageId: messageSchema.parse(await send()).id };
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
  return { kind: 'uncertain', reason: describe(error) };
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return 'no answer from Discord';
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'string' ? `no answer from Discord (${code})` : `no answer from Discord (${error.name})`;
}
