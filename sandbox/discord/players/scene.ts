import type { Channel, Member } from '../world/state.ts';
import type { World } from '../world/world.ts';

/** Where a member is: by default the alert channel. */
export interface Where {
  readonly channelId?: string;
  /** Another guild, in which the bot's commands were never registered. */
  readonly guildId?: string;
  /** A direct message to the bot. */
  readonly dm?: boolean;
}

/** The channel for it; direct messages and foreign guilds get one when first used. */
export function sceneChannel(world: World, member: Member, { channelId, guildId, dm = false }: Where): Channel {
  if (!dm && (guildId === undefined || guildId === world.guild.id)) {
    const channel = world.channels.get(channelId ?? world.ids.channels.alerts);
    if (channel === undefined) throw new Error(`no channel ${channelId} in the sandbox`);
    return channel;
  }
  const name = dm ? `dm-${member.user.id}` : 'elsewhere';
  const guild = dm ? null : (guildId ?? null);
  const known = [...world.channels.values()].find((one) => one.name === name && one.guildId === guild);
  if (known !== undefined) return known;
  const channel: Channel = {
    id: world.mint(),
    type: dm ? 1 : 0,
    name,
    guildId: guild,
    parentId: null,
    overwrites: [],
    lastMessageId: null,
    pins: [],
    thread: null,
  };
  world.channels.set(channel.id, channel);
  return channel;
}
