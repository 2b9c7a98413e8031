import { applicationShape, channelShape, guildShape, memberShape, userShape } from '../world/api-shapes.ts';
import type { WorldEvent } from '../world/events.ts';
import { createdMessageShape } from '../world/message-shape.ts';
import type { World } from '../world/world.ts';

export interface Dispatch {
  readonly t: string;
  readonly d: Readonly<Record<string, unknown>>;
}

/** READY for a new session. */
export function readyDispatch(world: World, sessionId: string, resumeUrl: string): Dispatch {
  return {
    t: 'READY',
    d: {
      v: 10,
      user: { ...userShape(world.bot.user), mfa_enabled: true, verified: true, email: null },
      guilds: [{ id: world.guild.id, unavailable: true }],
      session_id: sessionId,
      session_type: 'normal',
      resume_gateway_url: resumeUrl,
      shard: [0, 1],
      application: { id: world.applicationId, flags: applicationShape(world)['flags'] },
    },
  };
}

/** GUILD_CREATE: READY is not complete before it (facts.md, Discord 10). Members: the bot only, as without its intent. */
export function guildDispatch(world: World): Dispatch {
  const channels = [...world.channels.values()].filter(({ guildId }) => guildId === world.guild.id);
  return {
    t: 'GUILD_CREATE',
    d: {
      ...guildShape(world),
      joined_at: world.bot.joinedAt,
      large: false,
      unavailable: false,
      member_count: world.members.size,
      members: [memberShape(world.bot)],
      channels: channels.filter(({ thread }) => thread === null).map(channelShape),
      threads: channels.filter(({ thread }) => thread?.archived === false).map(channelShape),
      presences: [],
      voice_states: [],
      stage_instances: [],
      guild_scheduled_events: [],
      soundboard_sounds: [],
    },
  };
}

/** What a session is told of an event of the world; null for what Discord does not dispatch. */
export function dispatchOf(world: World, event: WorldEvent): Dispatch | null {
  const guild_id = world.guild.id;
  switch (event.type) {
    case 'interaction-created':
      return { t: 'INTERACTION_CREATE', d: event.interaction.payload };
    case 'message-created':
    case 'message-edited': {
      // An ephemeral message is dispatched to nobody but the one who sees it.
      if (event.stored.visibleTo !== null) return null;
      const member = world.members.get(event.message.author.id);
      const { user: _user, ...rest } = member === undefined ? {} : memberShape(member);
      const t = event.type === 'message-created' ? 'MESSAGE_CREATE' : 'MESSAGE_UPDATE';
      return { t, d: { ...createdMessageShape(event.message), guild_id, member: rest } };
    }
    case 'message-deleted': {
      const { id, channel_id } = event.message;
      return event.stored.visibleTo === null ? { t: 'MESSAGE_DELETE', d: { id, channel_id, guild_id } } : null;
    }
    case 'pins-changed': {
      const last_pin_timestamp = event.channel.pins[0]?.at ?? null;
      return { t: 'CHANNEL_PINS_UPDATE', d: { guild_id, channel_id: event.channel.id, last_pin_timestamp } };
    }
    case 'channel-changed':
      return { t: event.channel.thread ? 'THREAD_UPDATE' : 'CHANNEL_UPDATE', d: channelShape(event.channel) };
    case 'thread-created':
      return { t: 'THREAD_CREATE', d: { ...channelShape(event.channel), newly_created: true } };
    case 'typing':
    case 'commands-changed':
    case 'interaction-acknowledged':
    case 'interaction-expired':
      break;
  }
  return null;
}
