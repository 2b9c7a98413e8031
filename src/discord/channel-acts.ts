import { DiscordAPIError, type REST } from '@discordjs/rest';
import { RESTJSONErrorCodes, Routes } from 'discord-api-types/v10';
import type { Message } from '../render/message.ts';
import { cut, stripInvisible } from '../model/plain-text.ts';
import { filesOf } from './channel-transport.ts';
import { classifySendError } from './classify-send-error.ts';
import { fitMessage } from './fit-message.ts';

/** What became of an act on a channel or a message; each may be done twice without harm. */
export type ChannelAct =
  | { readonly kind: 'done' }
  /** The message is gone: somebody deleted it. */
  | { readonly kind: 'gone' }
  /** Only a person can change this answer; the reason says what is missing. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Not done, or perhaps done and not told: again, not before `retryAfterMs`. */
  | { readonly kind: 'failed'; readonly reason: string; readonly retryAfterMs: number };

export type ThreadStart =
  | { readonly kind: 'started'; readonly channelId: string }
  | Exclude<ChannelAct, { readonly kind: 'done' }>;

/** What an incident needs of a channel beside messages. Never throws. */
export interface ChannelActs {
  /** Starts a public thread from a message, or finds the one it has. Needs Create Public Threads. The name is hostile text. */
  startThread(channelId: string, messageId: string, name: string): Promise<ThreadStart>;
  /** Needs Pin Messages, a permission of its own since 2026-02 (facts.md, Discord 7), and Read Message History. */
  pin(channelId: string, messageId: string): Promise<ChannelAct>;
  /** Replaces a message of the bot whose interaction's token is gone: after 15 minutes or a restart. */
  editMessage(channelId: string, messageId: string, message: Message): Promise<ChannelAct>;
}

/** facts.md, Discord 7. */
const LONGEST_NAME = 100;
/** A quiet thread leaves the list of channels after a week, the longest that Discord offers. */
const ARCHIVE_AFTER_MINUTES = 10_080;

export function createChannelActs(rest: REST): ChannelActs {
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

async function act(channelId: string, needed: string, send: () => Promise<unknown>): Promise<ChannelAct> {
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
): Exclude<ChannelAct, { readonly kind: 'done' }> {
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
  if (told.kind === 'gone') return told;
  if (told.kind === 'refused') return { kind: 'refused', reason: told.reason };
  return { kind: 'failed', reason: told.reason, retryAfterMs: told.kind === 'failed' ? told.retryAfterMs : 0 };
}

function hasCode(error: unknown, code: RESTJSONErrorCodes): boolean {
  return error instanceof DiscordAPIError && error.code === code;
}
