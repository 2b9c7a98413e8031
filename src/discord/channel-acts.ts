import { DiscordAPIError, type REST } from '@discordjs/rest';
import { RESTJSONErrorCodes, Routes } from 'discord-api-types/v10';
import type { ChannelActs } from '../delivery/channel-acts.ts';
import { cut, stripInvisible } from '../model/plain-text.ts';
import type { Message } from '../render/message.ts';
import { filesOf } from './channel-transport.ts';
import { classifySendError } from './classify-send-error.ts';
import { fitMessage } from './fit-message.ts';

/** What became of an edit; it may be done twice without harm. */
export type MessageEdit =
  | { readonly kind: 'done' }
  /** Only a person can change this answer, or somebody deleted the message; the reason says which. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Not done, or perhaps done and not told: again, not before `retryAfterMs`. */
  | { readonly kind: 'failed'; readonly reason: string; readonly retryAfterMs: number };

/**
 * What incidents and confirmations need of a channel beside posting. Threads need Create Public Threads; pins need Pin
 * Messages, a permission of its own since 2026-02 (facts.md, Discord 7), and Read Message History. Never throws.
 */
export interface DiscordChannelActs extends ChannelActs {
  /** Replaces a message of the bot whose interaction's token is gone: after 15 minutes or a restart. */
  editMessage(channelId: string, messageId: string, message: Message): Promise<MessageEdit>;
}

/** facts.md, Discord 7. */
const LONGEST_NAME = 100;
/** A quiet thread leaves the list of channels after a week, the longest that Discord offers. */
const ARCHIVE_AFTER_MINUTES = 10_080;

export function createChannelActs(rest: REST): DiscordChannelActs {
  return {
    async startThread(channelId, messageId, name) {
      const body = {
        name: cut(stripInvisible(name), LONGEST_NAME) || 'Incident',
        auto_archive_duration: ARCHIVE_AFTER_MINUTES,
      };
      try {
        await rest.post(Routes.threads(channelId, messageId), { body });
      } catch (error) {
        if (!hasCode(error, RESTJSONErrorCodes.ThreadAlreadyCreatedForMessage)) {
          return describeFailure(error, channelId, 'Create Public Threads');
        }
      }
      // A thread has the id of the message it was started from (Discord, "Start Thread from Message").
      return { kind: 'started', channelId: messageId };
    },
    pin: (channelId, messageId) =>
      act(channelId, 'Pin Messages', () => rest.put(Routes.channelMessagesPin(channelId, messageId))),
    unpin: (channelId, messageId) =>
      act(channelId, 'Pin Messages', () => rest.delete(Routes.channelMessagesPin(channelId, messageId))),
    editMessage: (channelId, messageId, message) =>
      act(channelId, 'Send Messages, Embed Links and Attach Files', () =>
        rest.patch(Routes.channelMessage(channelId, messageId), {
          // An edit never pings; it does not ask for it either.
          body: fitMessage({ ...message, pingRoles: [] }),
          files: filesOf(message),
        }),
      ),
  };
}

async function act(channelId: string, needed: string, send: () => Promise<unknown>): Promise<MessageEdit> {
  try {
    await send();
    return { kind: 'done' };
  } catch (error) {
    return describeFailure(error, channelId, needed);
  }
}

function describeFailure(
  error: unknown,
  channelId: string,
  needed: string,
): Exclude<MessageEdit, { readonly kind: 'done' }> {
  if (hasCode(error, RESTJSONErrorCodes.MissingPermissions)) {
    return { kind: 'refused', reason: `the bot lacks the permission ${needed} in <#${channelId}>` };
  }
  if (hasCode(error, RESTJSONErrorCodes.MissingAccess)) {
    return { kind: 'refused', reason: `the bot lacks the permission View Channel or ${needed} in <#${channelId}>` };
  }
  if (hasCode(error, RESTJSONErrorCodes.MaximumNumberOfPinsReachedForTheChannel)) {
    return { kind: 'refused', reason: `<#${channelId}> has as many pins as Discord allows: unpin an old one` };
  }
  if (error instanceof RangeError) return { kind: 'refused', reason: error.message };
  const told = classifySendError(error);
  if (told.kind === 'gone') return { kind: 'refused', reason: 'somebody deleted the message' };
  if (told.kind === 'refused') return { kind: 'refused', reason: told.reason };
  return { kind: 'failed', reason: told.reason, retryAfterMs: told.kind === 'failed' ? told.retryAfterMs : 0 };
}

function hasCode(error: unknown, code: RESTJSONErrorCodes): boolean {
  return error instanceof DiscordAPIError && error.code === code;
}
