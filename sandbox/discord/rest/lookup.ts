import type { MessageBody } from '../world/message-body.ts';
import type { StoredMessage } from '../world/messages.ts';
import type { PermissionName } from '../world/permissions.ts';
import type { Channel } from '../world/state.ts';
import { apiError } from './api-error.ts';
import type { Call } from './route.ts';

/** The channel in the path, if the bot may see it and do what is named. */
export function channelOf(call: Call, ...needed: readonly PermissionName[]): Channel {
  const channel = call.world.channels.get(call.param('channel_id'));
  if (channel === undefined) throw apiError('unknownChannel');
  if (!call.world.botMay(channel, 'VIEW_CHANNEL')) throw apiError('missingAccess');
  if (!needed.every((permission) => call.world.botMay(channel, permission))) throw apiError('missingPermissions');
  return channel;
}

/** The message in the path, in that channel. Ephemeral ones are reached through their interaction's token only. */
export function messageOf(call: Call, channel: Channel): StoredMessage {
  const stored = call.world.messages.find(call.param('message_id'));
  if (stored === undefined || stored.visibleTo !== null || stored.message.channel_id !== channel.id) {
    throw apiError('unknownMessage');
  }
  return stored;
}

/** What the bot must be allowed to send just this in this channel. */
export function permissionsFor(channel: Channel, body: MessageBody, files: number): PermissionName[] {
  return [
    channel.thread === null ? 'SEND_MESSAGES' : 'SEND_MESSAGES_IN_THREADS',
    ...(files > 0 ? (['ATTACH_FILES'] as const) : []),
    ...((body.embeds ?? []).length > 0 ? (['EMBED_LINKS'] as const) : []),
  ];
}

/** 400 when a message would show nothing (50006). */
export function requireSubstance({ message }: StoredMessage | { message: Partial<StoredMessage['message']> }): void {
  const parts = [message.content, message.embeds, message.components, message.attachments];
  if (parts.every((part) => (part?.length ?? 0) === 0)) throw apiError('emptyMessage');
}

/** Query parameter as a whole number within bounds. */
export function numberIn(query: URLSearchParams, name: string, fallback: number, max: number): number {
  const given = Number(query.get(name) ?? fallback);
  return Number.isInteger(given) && given >= 1 && given <= max ? given : fallback;
}
