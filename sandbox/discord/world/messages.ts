import type { Clock } from '../../../src/model/clock.ts';
import type { Feed } from '../feed.ts';
import { composeFiles } from './compose-files.ts';
import type { WorldEvent } from './events.ts';
import type { FileStore, StoredFile } from './files.ts';
import { readMentions } from './mentions.ts';
import type { MessageBody } from './message-body.ts';
import { type Component, numberComponents, type Upload } from './message-parts.ts';
import type { Seed } from './seed.ts';
import { type Channel, type InteractionMetadata, MESSAGE_FLAGS, type Message, type User } from './state.ts';

export interface StoredMessage {
  /** As the API gives it now. */
  message: Message;
  /** Every file of it, those inside embeds too (the API does not list these as attachments). */
  files: readonly StoredFile[];
  /** When the body of the POST that made it had arrived, epoch milliseconds. */
  readonly firstPostAt: number;
  /** For an ephemeral message: the only user who sees it. */
  readonly visibleTo: string | null;
  deleted: boolean;
}

export interface NewMessage {
  readonly channel: Channel;
  readonly author: User;
  readonly body: MessageBody;
  readonly uploads: readonly Upload[];
  readonly arrivedAt: number;
  readonly type?: number;
  readonly flags?: number;
  readonly visibleTo?: string | null;
  readonly interaction?: InteractionMetadata;
  /** The channel's webhook that it came through. */
  readonly webhookId?: string;
}

export interface MessageStore {
  create(fresh: NewMessage): StoredMessage;
  /** Replaces what the body names; what it leaves out stays. */
  edit(stored: StoredMessage, body: MessageBody, uploads: readonly Upload[]): StoredMessage;
  delete(stored: StoredMessage): void;
  /** Any message that was not deleted, ephemeral ones too. */
  find(id: string): StoredMessage | undefined;
  /** All of a channel, oldest first; deleted ones left out, ephemeral ones only on request. */
  list(channelId: string, options?: { readonly ephemeral?: boolean }): StoredMessage[];
  /** The earlier message of the bot with this nonce, while Discord remembers it. */
  findByNonce(nonce: string | number): StoredMessage | undefined;
}

/** Suppressed embeds and components v2; what is ephemeral stays so (facts.md, Discord 6). */
const EDITABLE_FLAGS = 4 | MESSAGE_FLAGS.componentsV2;

interface Parts {
  readonly seed: Seed;
  readonly channels: ReadonlyMap<string, Channel>;
  readonly clock: Clock;
  readonly mint: () => string;
  readonly events: Feed<WorldEvent>;
  readonly files: FileStore;
  readonly times: { readonly nonceRememberedMs: number };
}

export function createMessageStore({ seed, channels, clock, mint, events, files, times }: Parts): MessageStore {
  const byId = new Map<string, StoredMessage>();
  const nonces = new Map<string, { readonly id: string; readonly at: number }>();
  const tell = (type: 'message-created' | 'message-edited' | 'message-deleted', stored: StoredMessage): void =>
    events.push({ type, at: clock.now(), stored, message: structuredClone(stored.message) });
  const find = (id: string): StoredMessage | undefined => {
    const stored = byId.get(id);
    return stored?.deleted === true ? undefined : stored;
  };

  return {
    create({
      channel,
      author,
      body,
      uploads,
      arrivedAt,
      type = 0,
      flags = 0,
      visibleTo = null,
      interaction,
      webhookId,
    }) {
      const composed = composeFiles({ body, uploads, existing: [], embeds: [], channelId: channel.id, files });
      const content = body.content ?? '';
      const reference = body.message_reference ?? null;
      const message: Message = {
        id: mint(),
        channel_id: channel.id,
        author,
        content,
        timestamp: new Date(clock.now()).toISOString(),
        edited_timestamp: null,
        tts: body.tts ?? false,
        ...readMentions(content, body.allowed_mentions, seed),
        attachments: composed.attachments,
        embeds: composed.embeds,
        components: numberComponents((body.components ?? []) as Component[]),
        pinned: false,
        type: reference === null ? type : 19,
        flags: flags | ((body.flags ?? 0) & ~MESSAGE_FLAGS.loading),
        ...(body.nonce === undefined || body.nonce === null ? {} : { nonce: body.nonce }),
        ...(interaction && {
          application_id: seed.applicationId,
          webhook_id: seed.applicationId,
          interaction_metadata: interaction,
        }),
        ...(webhookId !== undefined && { webhook_id: webhookId }),
        ...(reference && { message_reference: { message_id: reference.message_id, channel_id: channel.id } }),
      };
      const stored: StoredMessage = {
        message,
        files: composed.files,
        firstPostAt: arrivedAt,
        visibleTo,
        deleted: false,
      };
      byId.set(message.id, stored);
      if (visibleTo === null) channel.lastMessageId = message.id;
      if (channel.thread !== null) channel.thread.messageCount += 1;
      if (body.enforce_nonce === true && message.nonce !== undefined) {
        nonces.set(String(message.nonce), { id: message.id, at: clock.now() });
      }
      tell('message-created', stored);
      return stored;
    },
    edit(stored, body, uploads) {
      const { message } = stored;
      const composed = composeFiles({
        body,
        uploads,
        existing: stored.files,
        embeds: message.embeds,
        channelId: message.channel_id,
        files,
      });
      const content = body.content === undefined ? message.content : (body.content ?? '');
      stored.files = composed.files;
      stored.message = {
        ...message,
        content,
        ...(body.content === undefined ? {} : readMentions(content, body.allowed_mentions, seed)),
        edited_timestamp: new Date(clock.now()).toISOString(),
        attachments: composed.attachments,
        embeds: composed.embeds,
        ...(body.components === undefined
          ? {}
          : { components: numberComponents((body.components ?? []) as Component[]) }),
        flags: (message.flags & ~MESSAGE_FLAGS.loading) | ((body.flags ?? 0) & EDITABLE_FLAGS),
      };
      tell('message-edited', stored);
      return stored;
    },
    delete(stored) {
      stored.deleted = true;
      for (const { attachment } of stored.files) files.drop(attachment.id);
      const channel = channels.get(stored.message.channel_id);
      if (channel) channel.pins = channel.pins.filter(({ messageId }) => messageId !== stored.message.id);
      tell('message-deleted', stored);
    },
    find,
    list: (channelId, { ephemeral = false } = {}) =>
      [...byId.values()].filter(
        ({ message, visibleTo, deleted }) =>
          message.channel_id === channelId && !deleted && (ephemeral || visibleTo === null),
      ),
    findByNonce(nonce) {
      const known = nonces.get(String(nonce));
      if (known === undefined || clock.now() - known.at >= times.nonceRememberedMs) return undefined;
      return find(known.id);
    },
  };
}
