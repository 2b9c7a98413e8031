import type { Channel } from './state.ts';
import type { World } from './world.ts';

export interface NewThread {
  readonly parent: Channel;
  readonly name: string;
  /** A thread begun on a message has that message's id. */
  readonly messageId: string | null;
  /** 11 public, 12 private. */
  readonly type: 11 | 12;
  readonly autoArchiveMinutes: number;
}

/** Opens a thread in a channel; a message is told that it has one. */
export function createThread(world: World, { parent, name, messageId, type, autoArchiveMinutes }: NewThread): Channel {
  const now = new Date(world.clock.now()).toISOString();
  const channel: Channel = {
    id: messageId ?? world.mint(),
    type,
    name,
    guildId: parent.guildId,
    parentId: parent.id,
    overwrites: [],
    lastMessageId: null,
    pins: [],
    thread: {
      ownerId: world.bot.user.id,
      createdAt: now,
      archived: false,
      locked: false,
      autoArchiveMinutes,
      archivedAt: now,
      messageCount: 0,
    },
  };
  world.channels.set(channel.id, channel);
  world.events.push({ type: 'thread-created', at: world.clock.now(), channel });
  return channel;
}

/** Changes a thread's name or state; an archived one opens again when somebody writes to it. */
export function changeThread(
  world: World,
  channel: Channel,
  change: {
    readonly name?: string;
    readonly archived?: boolean;
    readonly locked?: boolean;
    readonly autoArchiveMinutes?: number;
  },
): void {
  if (change.name !== undefined) channel.name = change.name;
  if (channel.thread !== null) {
    const { archived, locked, autoArchiveMinutes } = change;
    if (archived !== undefined && archived !== channel.thread.archived) {
      channel.thread.archived = archived;
      channel.thread.archivedAt = new Date(world.clock.now()).toISOString();
    }
    channel.thread.locked = locked ?? channel.thread.locked;
    channel.thread.autoArchiveMinutes = autoArchiveMinutes ?? channel.thread.autoArchiveMinutes;
  }
  world.events.push({ type: 'channel-changed', at: world.clock.now(), channel });
}
