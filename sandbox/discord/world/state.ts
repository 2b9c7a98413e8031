import type { Attachment, Component, Embed } from './message-parts.ts';

/** The things of Discord as plain data, in the API's own field names where they travel as they are. */
export interface User {
  readonly id: string;
  readonly username: string;
  readonly global_name: string | null;
  readonly bot: boolean;
}

export interface Role {
  readonly id: string;
  readonly name: string;
  readonly color: number;
  readonly position: number;
  permissions: bigint;
}

export interface Member {
  readonly user: User;
  readonly nick: string | null;
  roleIds: readonly string[];
  readonly joinedAt: string;
}

export interface Overwrite {
  readonly id: string;
  /** 0 a role, 1 a member. */
  readonly type: 0 | 1;
  allow: bigint;
  deny: bigint;
}

export interface Channel {
  readonly id: string;
  /** 0 text, 1 direct message, 11 public thread, 12 private thread. */
  readonly type: 0 | 1 | 11 | 12;
  name: string;
  readonly guildId: string | null;
  readonly parentId: string | null;
  overwrites: Overwrite[];
  lastMessageId: string | null;
  /** Ids of pinned messages with the time, newest first. */
  pins: { readonly messageId: string; readonly at: string }[];
  thread: ThreadState | null;
}

/** An incoming webhook of a channel: who has its token may post there. */
export interface Webhook {
  readonly id: string;
  readonly token: string;
  readonly name: string;
  readonly channelId: string;
}

export interface ThreadState {
  readonly ownerId: string;
  readonly createdAt: string;
  archived: boolean;
  locked: boolean;
  autoArchiveMinutes: number;
  archivedAt: string;
  messageCount: number;
}

/** A message as the API gives it. */
export interface Message {
  readonly id: string;
  readonly channel_id: string;
  readonly author: User;
  content: string;
  readonly timestamp: string;
  edited_timestamp: string | null;
  readonly tts: boolean;
  mention_everyone: boolean;
  mentions: User[];
  mention_roles: string[];
  attachments: Attachment[];
  embeds: Embed[];
  components: Component[];
  pinned: boolean;
  /** 0 default, 6 pin notice, 18 thread created, 19 reply, 20 answer to a slash command. */
  readonly type: number;
  flags: number;
  readonly nonce?: string | number;
  readonly application_id?: string;
  readonly webhook_id?: string;
  readonly message_reference?: { readonly message_id: string; readonly channel_id: string; readonly guild_id?: string };
  readonly interaction_metadata?: InteractionMetadata;
  readonly thread?: Record<string, unknown>;
}

export interface InteractionMetadata {
  readonly id: string;
  readonly type: number;
  readonly user: User;
  readonly authorizing_integration_owners: Readonly<Record<string, string>>;
  readonly name?: string;
}

export const MESSAGE_FLAGS = { ephemeral: 64, loading: 128, componentsV2: 32_768 } as const;
