import { channelShape, memberShape, userShape } from '../world/api-shapes.ts';
import { messageShape } from '../world/message-shape.ts';
import type { Channel, Member, Message } from '../world/state.ts';
import type { World } from '../world/world.ts';

/** Where an interaction comes from: a guild (not always the bot's own) or a direct message. */
export interface Scene {
  readonly member: Member;
  readonly channel: Channel;
}

export interface PayloadParts {
  readonly id: string;
  readonly token: string;
  readonly type: number;
  readonly data: Readonly<Record<string, unknown>>;
  /** The message that a component is on. */
  readonly message: Message | null;
}

/** An interaction as Discord dispatches it, with everything that discord.js reads (facts.md, Discord 10). Pure. */
export function interactionPayload(world: World, { member, channel }: Scene, parts: PayloadParts) {
  const permissions = world.permissionsOf(member, channel).toString();
  const guildId = channel.guildId;
  const { id, token, type, data, message } = parts;
  const base = {
    id,
    application_id: world.applicationId,
    type,
    data,
    token,
    version: 1,
    channel_id: channel.id,
    app_permissions: world.permissionsOf(world.bot, channel).toString(),
    locale: 'en-GB',
    entitlements: [],
    attachment_size_limit: 10 * 1024 * 1024,
    ...(message && { message: messageShape(message) }),
  };
  if (guildId === null) {
    return {
      ...base,
      channel: { ...channelShape(channel), recipients: [userShape(member.user)] },
      user: userShape(member.user),
      authorizing_integration_owners: { '0': '0' },
      context: 1,
    };
  }
  return {
    ...base,
    guild_id: guildId,
    guild: { id: guildId, locale: 'en-GB', features: [] },
    guild_locale: 'en-GB',
    channel: { ...channelShape(channel), permissions },
    member: { ...memberShape(member), permissions },
    authorizing_integration_owners: { '0': guildId },
    context: 0,
  };
}
