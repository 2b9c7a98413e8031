/** The permissions that the bot uses, as Discord's settings call them. */
export const DISCORD_PERMISSIONS = [
  'View Channel',
  'Send Messages',
  'Embed Links',
  'Attach Files',
  'Read Message History',
  'Create Public Threads',
  'Send Messages in Threads',
  'Pin Messages',
  'Mention @everyone, @here and All Roles',
] as const;
export type DiscordPermission = (typeof DISCORD_PERMISSIONS)[number];

export interface DiscordChannel {
  readonly name: string;
  /** Null: a direct message. */
  readonly guildId: string | null;
  /** As in `text`, `announcement`, `thread`; of the rest only that it is none of these. */
  readonly kind: 'text' | 'announcement' | 'thread' | 'other';
  /** What the bot may do there, of what it uses; of a channel elsewhere nothing is known. */
  readonly granted: ReadonlySet<DiscordPermission>;
}

/** The guild as the bot finds it: names in it are hostile text. */
export interface DiscordFacts {
  readonly application: { readonly id: string; readonly name: string };
  readonly guild: { readonly id: string; readonly name: string };
  readonly roles: ReadonlyMap<string, { readonly name: string; readonly mentionable: boolean }>;
  /** By the ids that were asked for; null: there is none of this id that the bot could see. */
  readonly channels: ReadonlyMap<string, DiscordChannel | null>;
}

export type DiscordSight =
  | { readonly kind: 'seen'; readonly facts: DiscordFacts }
  /** The token is none, or not any more. */
  | { readonly kind: 'token-refused' }
  | { readonly kind: 'not-in-guild'; readonly application: DiscordFacts['application'] }
  | { readonly kind: 'unreachable'; readonly reason: string };
