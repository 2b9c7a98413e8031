import { channelShape } from '../../world/api-shapes.ts';
import { changeThread } from '../../world/threads.ts';
import { apiError } from '../api-error.ts';
import { channelOf } from '../lookup.ts';
import { noContent, ok, type Route } from '../route.ts';

interface ChannelEdit {
  readonly name?: string;
  readonly archived?: boolean;
  readonly locked?: boolean;
  readonly auto_archive_duration?: number;
}

/** One channel or thread. */
export const channelRoutes: readonly Route[] = [
  { method: 'GET', path: '/channels/{channel_id}', handle: (call) => ok(channelShape(channelOf(call))) },
  {
    method: 'PATCH',
    path: '/channels/{channel_id}',
    body: 'channel-edit',
    handle: (call) => {
      const channel = channelOf(call, 'MANAGE_THREADS');
      if (channel.thread === null) throw apiError('missingPermissions');
      const { name, archived, locked, auto_archive_duration: minutes } = call.body as ChannelEdit;
      changeThread(call.world, channel, {
        ...(name !== undefined && { name }),
        ...(archived !== undefined && { archived }),
        ...(locked !== undefined && { locked }),
        ...(minutes !== undefined && { autoArchiveMinutes: minutes }),
      });
      return ok(channelShape(channel));
    },
  },
  {
    method: 'POST',
    path: '/channels/{channel_id}/typing',
    handle: (call) => {
      const channel = channelOf(call, 'SEND_MESSAGES');
      call.world.events.push({ type: 'typing', at: call.arrivedAt, channel });
      return noContent;
    },
  },
  { method: 'PUT', path: '/channels/{channel_id}/thread-members/@me', handle: (call) => (channelOf(call), noContent) },
];
