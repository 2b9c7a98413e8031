import type { Clock } from '../../../src/model/clock.ts';
import { createFeed, type Feed } from '../feed.ts';
import { createSnowflakes } from '../snowflake.ts';
import { type CommandStore, createCommandStore } from './commands.ts';
import type { WorldEvent } from './events.ts';
import { createFileStore, type FileStore } from './files.ts';
import { createInteractionStore, type InteractionStore } from './interactions.ts';
import { createMessageStore, type MessageStore } from './messages.ts';
import { PERMISSIONS, type PermissionName, permissionBits, permissionsIn } from './permissions.ts';
import type { Seed } from './seed.ts';
import type { Channel, Member } from './state.ts';

/** The guild and everything in it, apart from how it is reached: REST, gateway, players and a page sit on this. */
export interface World extends Seed {
  readonly channels: Map<string, Channel>;
  readonly clock: Clock;
  readonly mint: () => string;
  readonly events: Feed<WorldEvent>;
  readonly files: FileStore;
  readonly messages: MessageStore;
  readonly commands: CommandStore;
  readonly interactions: InteractionStore;
  /** The bits a member has in a channel; a thread has its parent's. */
  permissionsOf(member: Member, channel: Channel): bigint;
  botMay(channel: Channel, permission: PermissionName): boolean;
  /** Forbids the bot these in a channel (and allows what was forbidden before and is not named now). */
  forbidBot(channelId: string, permissions: readonly PermissionName[]): void;
  close(): void;
}

export interface WorldTimes {
  /** Discord's own 3 s (facts.md, Discord 6). */
  readonly acknowledgeWithinMs: number;
  /** 15 minutes (facts.md, Discord 6). */
  readonly tokenLivesMs: number;
  /** "A few minutes" (facts.md, Discord 3). */
  readonly nonceRememberedMs: number;
}

export function createWorld(seed: Seed, clock: Clock, times: WorldTimes): World {
  const mint = createSnowflakes(() => clock.now());
  const events = createFeed<WorldEvent>();
  const channels = new Map([...seed.channels].map(([id, channel]) => [id, { ...channel }]));
  const files = createFileStore(mint);
  const messages = createMessageStore({ seed, channels, clock, mint, events, files, times });
  const commands = createCommandStore({ seed, clock, mint, events });
  const interactions = createInteractionStore({ clock, mint, events, times });

  const permissionsOf = (member: Member, channel: Channel): bigint => {
    const parent = channel.thread === null ? channel : (channels.get(channel.parentId ?? '') ?? channel);
    return permissionsIn(member, { id: seed.guild.id, ownerId: seed.guild.ownerId, roles: seed.roles }, parent);
  };

  return {
    ...seed,
    channels,
    clock,
    mint,
    events,
    files,
    messages,
    commands,
    interactions,
    permissionsOf,
    botMay: (channel, permission) => (permissionsOf(seed.bot, channel) & PERMISSIONS[permission]) !== 0n,
    forbidBot(channelId, permissions) {
      const channel = channels.get(channelId);
      if (channel === undefined) throw new Error(`no channel ${channelId} in the sandbox`);
      const others = channel.overwrites.filter(({ id }) => id !== seed.bot.user.id);
      const own = { id: seed.bot.user.id, type: 1, allow: 0n, deny: permissionBits(permissions) } as const;
      channel.overwrites = permissions.length === 0 ? others : [...others, own];
      events.push({ type: 'channel-changed', at: clock.now(), channel });
    },
    close() {
      interactions.close();
      events.close();
    },
  };
}
