import { DiscordAPIError, type REST } from '@discordjs/rest';
import { ChannelType, RESTJSONErrorCodes, Routes } from 'discord-api-types/v10';
import { z } from 'zod';
import type { DiscordChannel, DiscordFacts, DiscordSight } from '../model/discord-facts.ts';
import { classifySendError } from './classify-send-error.ts';
import { computePermissions, type MemberInGuild } from './compute-permissions.ts';

const bits = z.string().regex(/^\d+$/).transform(BigInt);
const named = z.object({ id: z.string(), name: z.string() });
const guildSchema = named.extend({
  owner_id: z.string(),
  roles: z.array(named.extend({ permissions: bits, mentionable: z.boolean() })),
});
const channelSchema = z.object({
  id: z.string(),
  type: z.int(),
  name: z.string().nullish(),
  guild_id: z.string().nullish(),
  permission_overwrites: z.array(z.object({ id: z.string(), type: z.int(), allow: bits, deny: bits })).nullish(),
});
type Channel = z.output<typeof channelSchema>;

/** The codes of "there is none, or none for you". */
const NOT_THERE: ReadonlySet<unknown> = new Set([
  RESTJSONErrorCodes.UnknownChannel,
  RESTJSONErrorCodes.UnknownGuild,
  RESTJSONErrorCodes.UnknownMember,
  RESTJSONErrorCodes.MissingAccess,
]);

/** Reads who the bot is and what it finds in its guild. Needs no intent and no permission. Never throws. */
export async function readDiscordFacts(
  rest: REST,
  wanted: { readonly guildId: string; readonly channelIds: readonly string[] },
): Promise<DiscordSight> {
  try {
    const application = named.parse(await rest.get(Routes.oauth2CurrentApplication()));
    const { id: userId } = z.object({ id: z.string() }).parse(await rest.get(Routes.user()));
    const guild = await readOrNull(() => rest.get(Routes.guild(wanted.guildId)), guildSchema);
    const memberSchema = z.object({ roles: z.array(z.string()) });
    const membership = guild && (await readOrNull(() => rest.get(Routes.guildMember(guild.id, userId)), memberSchema));
    if (guild === null || membership === null) return { kind: 'not-in-guild', application };
    const member: MemberInGuild = {
      userId,
      roleIds: membership.roles,
      guildId: guild.id,
      ownerId: guild.owner_id,
      permissions: new Map(guild.roles.map(({ id, permissions }) => [id, permissions])),
    };
    // It lists what the bot may not look into as well, threads aside.
    const inGuild = z.array(channelSchema).parse(await rest.get(Routes.guildChannels(guild.id)));
    const channels = new Map<string, DiscordChannel | null>();
    for (const id of new Set(wanted.channelIds)) {
      const listed = inGuild.find((each) => each.id === id);
      const channel = listed ?? (await readOrNull(() => rest.get(Routes.channel(id)), channelSchema));
      channels.set(id, channel && toChannel(channel, member, listed !== undefined));
    }
    const roles: DiscordFacts['roles'] = new Map(
      guild.roles.map(({ id, name, mentionable }) => [id, { name, mentionable }]),
    );
    return { kind: 'seen', facts: { application, guild: { id: guild.id, name: guild.name }, roles, channels } };
  } catch (error) {
    if (error instanceof z.ZodError) return { kind: 'unreachable', reason: 'it answers in an unexpected form' };
    const told = classifySendError(error);
    if (told.kind === 'unauthorised') return { kind: 'token-refused' };
    return { kind: 'unreachable', reason: told.kind === 'gone' ? 'it answers in an unexpected form' : told.reason };
  }
}

async function readOrNull<T>(read: () => Promise<unknown>, schema: z.ZodType<T>): Promise<T | null> {
  try {
    return schema.parse(await read());
  } catch (error) {
    if (error instanceof DiscordAPIError && NOT_THERE.has(error.code)) return null;
    throw error;
  }
}

function toChannel(channel: Channel, member: MemberInGuild, listed: boolean): DiscordChannel {
  return {
    name: channel.name ?? channel.id,
    guildId: listed ? member.guildId : (channel.guild_id ?? null),
    kind: KINDS.get(channel.type) ?? 'other',
    granted: listed ? computePermissions(member, channel.permission_overwrites ?? []) : new Set(),
  };
}

const KINDS: ReadonlyMap<number, DiscordChannel['kind']> = new Map([
  [ChannelType.GuildText, 'text'],
  [ChannelType.GuildAnnouncement, 'announcement'],
  [ChannelType.PublicThread, 'thread'],
  [ChannelType.PrivateThread, 'thread'],
  [ChannelType.AnnouncementThread, 'thread'],
]);
