import { createSnowflakes } from '../snowflake.ts';
import { permissionBits } from './permissions.ts';
import type { Channel, Member, Role, User, Webhook } from './state.ts';

/** Names of the members who can be acted as; what each may do is in the name of their role. */
export type MemberName = 'olive' | 'rosa' | 'remy' | 'ada' | 'vic';
export type RoleName = 'observe' | 'respond' | 'recover' | 'onCall';
export type ChannelName = 'alerts' | 'audit' | 'general';

export interface Seed {
  readonly applicationId: string;
  readonly bot: Member;
  readonly guild: { readonly id: string; readonly name: string; readonly ownerId: string };
  readonly roles: ReadonlyMap<string, Role>;
  readonly channels: ReadonlyMap<string, Channel>;
  readonly members: ReadonlyMap<string, Member>;
  readonly webhooks: ReadonlyMap<string, Webhook>;
  readonly ids: {
    readonly roles: Readonly<Record<RoleName, string>>;
    readonly channels: Readonly<Record<ChannelName, string>>;
    readonly members: Readonly<Record<MemberName, string>>;
  };
}

/** The guild of 2020-12-11: its ids are the same at every start, so that a configuration outlives a restart. */
export function createSeed(guildName = 'Breakwater sandbox'): Seed {
  const mint = createSnowflakes(() => Date.UTC(2020, 11, 11, 13, 24));
  const joinedAt = new Date(Date.UTC(2020, 11, 11, 13, 24)).toISOString();
  const applicationId = mint();
  const guildId = mint();
  const roleIds = { observe: mint(), respond: mint(), recover: mint(), onCall: mint() };
  const botRoleId = mint();
  const channelIds = { alerts: mint(), audit: mint(), general: mint() };

  const role = (id: string, name: string, position: number, color: number, permissions: bigint): Role => ({
    id,
    name,
    position,
    color,
    permissions,
  });
  const roles = [
    role(guildId, '@everyone', 0, 0, EVERYONE),
    role(roleIds.observe, 'observe', 1, 0x3498db, 0n),
    role(roleIds.respond, 'respond', 2, 0xe67e22, permissionBits(['MANAGE_MESSAGES'])),
    role(roleIds.recover, 'recover', 3, 0xe74c3c, permissionBits(['MANAGE_MESSAGES', 'MODERATE_MEMBERS'])),
    role(roleIds.onCall, 'on-call', 4, 0x9b59b6, 0n),
    role(botRoleId, 'Breakwater', 5, 0, BOT),
  ];
  const member = (id: string, username: string, held: readonly string[], bot = false): Member => ({
    user: { id, username, global_name: bot ? null : capitalise(username), bot } satisfies User,
    nick: null,
    roleIds: held,
    joinedAt,
  });
  const bot = member(applicationId, 'breakwater', [botRoleId], true);
  const people = {
    olive: member(mint(), 'olive', [roleIds.observe]),
    rosa: member(mint(), 'rosa', [roleIds.respond]),
    remy: member(mint(), 'remy', [roleIds.recover, roleIds.onCall]),
    ada: member(mint(), 'ada', [roleIds.recover]),
    vic: member(mint(), 'vic', []),
  };
  const owner = member(mint(), 'owner', []);
  const channels = Object.entries(channelIds).map(
    ([name, id]): Channel => ({
      id,
      type: 0,
      name,
      guildId,
      parentId: null,
      overwrites: [],
      lastMessageId: null,
      pins: [],
      thread: null,
    }),
  );

  const webhook = { id: mint(), token: 'fallback-token-of-no-value', name: 'Fallback', channelId: channelIds.alerts };

  return {
    applicationId,
    bot,
    guild: { id: guildId, name: guildName, ownerId: owner.user.id },
    roles: new Map(roles.map((one) => [one.id, one])),
    channels: new Map(channels.map((one) => [one.id, one])),
    members: new Map([bot, owner, ...Object.values(people)].map((one) => [one.user.id, one])),
    webhooks: new Map([[webhook.id, webhook]]),
    ids: {
      roles: roleIds,
      channels: channelIds,
      members: {
        olive: people.olive.user.id,
        rosa: people.rosa.user.id,
        remy: people.remy.user.id,
        ada: people.ada.user.id,
        vic: people.vic.user.id,
      },
    },
  };
}

const EVERYONE = permissionBits([
  'VIEW_CHANNEL',
  'SEND_MESSAGES',
  'READ_MESSAGE_HISTORY',
  'USE_APPLICATION_COMMANDS',
  'SEND_MESSAGES_IN_THREADS',
]);

const BOT = permissionBits([
  'VIEW_CHANNEL',
  'SEND_MESSAGES',
  'EMBED_LINKS',
  'ATTACH_FILES',
  'READ_MESSAGE_HISTORY',
  'MENTION_EVERYONE',
  'MANAGE_THREADS',
  'CREATE_PUBLIC_THREADS',
  'CREATE_PRIVATE_THREADS',
  'SEND_MESSAGES_IN_THREADS',
  'PIN_MESSAGES',
]);

function capitalise(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
