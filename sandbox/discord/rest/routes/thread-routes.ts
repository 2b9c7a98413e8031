import { channelShape } from '../../world/api-shapes.ts';
import { createThread } from '../../world/threads.ts';
import { apiError } from '../api-error.ts';
import { channelOf, messageOf } from '../lookup.ts';
import { type Route } from '../route.ts';

interface ThreadBody {
  readonly name: string;
  readonly type?: 11 | 12;
  readonly auto_archive_duration?: number;
}

const HAS_THREAD = 32;
const DAY_MINUTES = 1440;

/** Threads, begun on a message or in a channel. */
export const threadRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/channels/{channel_id}/messages/{message_id}/threads',
    body: 'thread',
    handle: (call) => {
      const parent = channelOf(call, 'CREATE_PUBLIC_THREADS');
      if (parent.thread !== null) throw apiError('wrongChannelType');
      const stored = messageOf(call, parent);
      const { name, auto_archive_duration: autoArchiveMinutes = DAY_MINUTES } = call.body as ThreadBody;
      if (call.world.channels.has(stored.message.id)) throw apiError('threadExists');
      const messageId = stored.message.id;
      const thread = createThread(call.world, { parent, name, messageId, type: 11, autoArchiveMinutes });
      const flags = stored.message.flags | HAS_THREAD;
      stored.message = { ...stored.message, flags, thread: channelShape(thread) };
      return { status: 201, body: channelShape(thread) };
    },
  },
  {
    method: 'POST',
    path: '/channels/{channel_id}/threads',
    body: 'thread',
    handle: (call) => {
      const { name, type = 12, auto_archive_duration: autoArchiveMinutes = DAY_MINUTES } = call.body as ThreadBody;
      const parent = channelOf(call, type === 11 ? 'CREATE_PUBLIC_THREADS' : 'CREATE_PRIVATE_THREADS');
      const thread = createThread(call.world, { parent, name, messageId: null, type, autoArchiveMinutes });
      return { status: 201, body: channelShape(thread) };
    },
  },
];
