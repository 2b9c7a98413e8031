import { PermissionFlagsBits } from 'discord-api-types/v10';
import { DISCORD_PERMISSIONS, type DiscordPermission } from '../model/discord-facts.ts';

export interface MemberInGuild {
  readonly userId: string;
  readonly roleIds: readonly string[];
  readonly guildId: string;
  readonly ownerId: string;
  /** By role id; that of `@everyone` is the guild's. */
  readonly permissions: ReadonlyMap<string, bigint>;
}

/** Of a channel: `type` 0 is a role's, 1 a member's. */
export interface PermissionOverwrite {
  readonly id: string;
  readonly type: number;
  readonly allow: bigint;
  readonly deny: bigint;
}

const BITS: Readonly<Record<DiscordPermission, bigint>> = {
  'View Channel': PermissionFlagsBits.ViewChannel,
  'Send Messages': PermissionFlagsBits.SendMessages,
  'Embed Links': PermissionFlagsBits.EmbedLinks,
  'Attach Files': PermissionFlagsBits.AttachFiles,
  'Read Message History': PermissionFlagsBits.ReadMessageHistory,
  'Create Public Threads': PermissionFlagsBits.CreatePublicThreads,
  'Send Messages in Threads': PermissionFlagsBits.SendMessagesInThreads,
  'Pin Messages': PermissionFlagsBits.PinMessages,
  'Mention @everyone, @here and All Roles': PermissionFlagsBits.MentionEveryone,
};

/**
 * What a member may do in a channel, of what the bot uses: roles, Administrator, then the channel's overwrites for
 * @everyone, for roles together, for the member (Discord, "Permissions", "Permission Overwrites"). Pure.
 */
export function computePermissions(
  member: MemberInGuild,
  overwrites: readonly PermissionOverwrite[],
): ReadonlySet<DiscordPermission> {
  const { guildId, roleIds, permissions } = member;
  const base = [guildId, ...roleIds].reduce((sum, id) => sum | (permissions.get(id) ?? 0n), 0n);
  if (member.userId === member.ownerId || (base & PermissionFlagsBits.Administrator) !== 0n) {
    return new Set(DISCORD_PERMISSIONS);
  }
  const layers = [
    overwrites.filter(({ id }) => id === guildId),
    overwrites.filter(({ id, type }) => type === 0 && id !== guildId && roleIds.includes(id)),
    overwrites.filter(({ id, type }) => type === 1 && id === member.userId),
  ];
  const bits = layers.reduce((before, layer) => {
    const [allow, deny] = [
      layer.reduce((sum, one) => sum | one.allow, 0n),
      layer.reduce((sum, one) => sum | one.deny, 0n),
    ];
    return (before & ~deny) | allow;
  }, base);
  return new Set(DISCORD_PERMISSIONS.filter((permission) => (bits & BITS[permission]) !== 0n));
}
