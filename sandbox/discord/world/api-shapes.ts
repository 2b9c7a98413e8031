import type { Channel, Member, Role, User } from './state.ts';
import type { World } from './world.ts';

type Json = Record<string, unknown>;

/** The objects of the API for what is not a message: complete enough for discord.js and the OpenAPI document. */
export function userShape(user: User): Json {
  return {
    id: user.id,
    username: user.username,
    discriminator: user.bot ? '4711' : '0',
    global_name: user.global_name,
    avatar: null,
    banner: null,
    accent_color: null,
    avatar_decoration_data: null,
    collectibles: null,
    clan: null,
    primary_guild: null,
    bot: user.bot,
    flags: 0,
    public_flags: 0,
  };
}

export function memberShape(member: Member): Json {
  return {
    user: userShape(member.user),
    nick: member.nick,
    avatar: null,
    banner: null,
    roles: member.roleIds,
    joined_at: member.joinedAt,
    premium_since: null,
    deaf: false,
    mute: false,
    pending: false,
    flags: 0,
    communication_disabled_until: null,
  };
}

export function roleShape(role: Role): Json {
  return {
    id: role.id,
    name: role.name,
    description: null,
    color: role.color,
    colors: { primary_color: role.color, secondary_color: null, tertiary_color: null },
    hoist: false,
    icon: null,
    unicode_emoji: null,
    position: role.position,
    permissions: role.permissions.toString(),
    managed: false,
    mentionable: false,
    flags: 0,
  };
}

export function channelShape(channel: Channel): Json {
  const base = {
    id: channel.id,
    type: channel.type,
    flags: 0,
    last_message_id: channel.lastMessageId,
    last_pin_timestamp: channel.pins[0]?.at ?? null,
  };
  if (channel.type === 1) return base;
  const inGuild = { ...base, guild_id: channel.guildId, name: channel.name, parent_id: channel.parentId };
  const { thread } = channel;
  if (thread === null) {
    const permission_overwrites = channel.overwrites.map(({ id, type, allow, deny }) => ({
      id,
      type,
      allow: allow.toString(),
      deny: deny.toString(),
    }));
    return { ...inGuild, topic: null, position: 0, nsfw: false, rate_limit_per_user: 0, permission_overwrites };
  }
  return {
    ...inGuild,
    owner_id: thread.ownerId,
    rate_limit_per_user: 0,
    message_count: thread.messageCount,
    member_count: 1,
    total_message_sent: thread.messageCount,
    thread_metadata: {
      archived: thread.archived,
      locked: thread.locked,
      auto_archive_duration: thread.autoArchiveMinutes,
      archive_timestamp: thread.archivedAt,
      create_timestamp: thread.createdAt,
    },
  };
}

export function guildShape(world: World): Json {
  return {
    id: world.guild.id,
    name: world.guild.name,
    owner_id: world.guild.ownerId,
    icon: null,
    description: null,
    home_header: null,
    splash: null,
    discovery_splash: null,
    banner: null,
    features: [],
    incidents_data: null,
    roles: [...world.roles.values()].map(roleShape),
    emojis: [],
    stickers: [],
    afk_channel_id: null,
    afk_timeout: 300,
    application_id: null,
    default_message_notifications: 1,
    explicit_content_filter: 0,
    max_members: 500_000,
    max_presences: null,
    max_stage_video_channel_users: 50,
    max_video_channel_users: 25,
    mfa_level: 0,
    nsfw: false,
    nsfw_level: 0,
    preferred_locale: 'en-GB',
    premium_progress_bar_enabled: false,
    premium_subscription_count: 0,
    premium_tier: 0,
    public_updates_channel_id: null,
    region: 'deprecated',
    rules_channel_id: null,
    safety_alerts_channel_id: null,
    system_channel_flags: 0,
    system_channel_id: null,
    vanity_url_code: null,
    verification_level: 0,
    widget_channel_id: null,
    widget_enabled: false,
  };
}

export function applicationShape(world: World): Json {
  return {
    id: world.applicationId,
    name: world.bot.user.username,
    description: '',
    icon: null,
    type: null,
    bot: userShape(world.bot.user),
    bot_public: false,
    bot_require_code_grant: false,
    owner: userShape(world.members.get(world.guild.ownerId)?.user ?? world.bot.user),
    flags: 0,
    flags_new: '0',
    verify_key: '0'.repeat(64),
    summary: '',
    team: null,
    max_participants: null,
    integration_types_config: { '0': {} },
    tags: [],
    redirect_uris: [],
    interactions_endpoint_url: null,
    role_connections_verification_url: null,
    approximate_guild_count: 1,
    approximate_user_install_count: 0,
    approximate_user_authorization_count: 0,
    eligible_oauth2_scopes: [],
    explicit_content_filter: 0,
  };
}
