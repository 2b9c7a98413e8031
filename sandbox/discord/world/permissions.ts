import type { Channel, Member, Role } from './state.ts';

/** The permission bits that this server enforces or seeds, by Discord's names. */
export const PERMISSIONS = {
  ADMINISTRATOR: 1n << 3n,
  MANAGE_GUILD: 1n << 5n,
  VIEW_CHANNEL: 1n << 10n,
  SEND_MESSAGES: 1n << 11n,
  MANAGE_MESSAGES: 1n << 13n,
  EMBED_LINKS: 1n << 14n,
  ATTACH_FILES: 1n << 15n,
  READ_MESSAGE_HISTORY: 1n << 16n,
  MENTION_EVERYONE: 1n << 17n,
  USE_APPLICATION_COMMANDS: 1n << 31n,
  MANAGE_THREADS: 1n << 34n,
  CREATE_PUBLIC_THREADS: 1n << 35n,
  CREATE_PRIVATE_THREADS: 1n << 36n,
  SEND_MESSAGES_IN_THREADS: 1n << 38n,
  MODERATE_MEMBERS: 1n << 40n,
  PIN_MESSAGES: 1n << 51n,
} as const;

export type PermissionName = keyof typeof PERMISSIONS;

const ALL = Object.values(PERMISSIONS).reduce((all, bit) => all | bit, 0n);

/** The bits of these names together. */
export function permissionBits(names: readonly PermissionName[]): bigint {
  return names.reduce((bits, name) => bits | PERMISSIONS[name], 0n);
}

/**
 * What a member may do in a channel (for a thread: pass its parent), by the algorithm of Discord's permissions
 * documentation: @everyone and roles, Administrator, then overwrites of @everyone, of roles, of the member.
 */
export function permissionsIn(
  member: Member,
  guild: { readonly id: string; readonly ownerId: string; readonly roles: ReadonlyMap<string, Role> },
  channel: Channel | null,
): bigint {
  const held = [guild.id, ...member.roleIds];
  let bits = held.reduce((sum, id) => sum | (guild.roles.get(id)?.permissions ?? 0n), 0n);
  if (member.user.id === guild.ownerId || (bits & PERMISSIONS.ADMINISTRATOR) !== 0n) return ALL;
  const overwrites = channel?.overwrites ?? [];
  const groups = [
    overwrites.filter(({ id }) => id === guild.id),
    overwrites.filter(({ id, type }) => type === 0 && member.roleIds.includes(id)),
    overwrites.filter(({ id, type }) => type === 1 && id === member.user.id),
  ];
  for (const group of groups) {
    const deny = group.reduce((sum, one) => sum | one.deny, 0n);
    const allow = group.reduce((sum, one) => sum | one.allow, 0n);
    bits = (bits & ~deny) | allow;
  }
  return bits;
}
