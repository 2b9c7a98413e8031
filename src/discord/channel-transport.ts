import type { RawFile, REST } from '@discordjs/rest';
import { Routes } from 'discord-api-types/v10';
import { z } from 'zod';
import type { ChannelTransport, Delivered } from '../delivery/transport.ts';
import type { Message } from '../render/message.ts';
import { classifySendError } from './classify-send-error.ts';
import { createFinder } from './find-messages.ts';
import { fitMessage, listFiles, type MessageBody } from './fit-message.ts';

const messageSchema = z.object({ id: z.string() });

/**
 * Posts to and edits in one channel as the bot. Needs View Channel, Send Messages, Embed Links and Attach Files there, and
 * Read Message History to find what it may have posted.
 */
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
    find: createFinder(rest, channelId),
  };
}

/** A message's files in the form of REST, in the order in which its body lists them. */
export function filesOf(message: Message): RawFile[] {
  return listFiles(message).map(({ name, data, type }) => ({ name, data: Buffer.from(data), contentType: type }));
}

async function settle(message: Message, send: (body: MessageBody) => Promise<unknown>): Promise<Delivered> {
  let body: MessageBody;
  try {
    body = fitMessage(message);
  } catch (error) {
    return { kind: 'refused', reason: `the message cannot be sent: ${String(error)}`, of: 'message' };
  }
  try {
    return { kind: 'delivered', messageId: messageSchema.parse(await send(body)).id };
  } catch (error) {
    return classifySendError(error);
  }
}
