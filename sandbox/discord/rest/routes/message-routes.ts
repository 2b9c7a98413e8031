import type { MessageBody } from '../../world/message-body.ts';
import { createdMessageShape, messageShape } from '../../world/message-shape.ts';
import type { StoredMessage } from '../../world/messages.ts';
import { PERMISSIONS } from '../../world/permissions.ts';
import type { Message } from '../../world/state.ts';
import { apiError } from '../api-error.ts';
import { channelOf, messageOf, numberIn, permissionsFor, requireSubstance } from '../lookup.ts';
import { type Call, noContent, ok, type Route } from '../route.ts';

const LIST = '/channels/{channel_id}/messages';
const ONE = '/channels/{channel_id}/messages/{message_id}';

/** Messages of a channel. */
export const messageRoutes: readonly Route[] = [
  { method: 'GET', path: LIST, handle: listMessages },
  { method: 'POST', path: LIST, body: 'message', handle: createMessage },
  {
    method: 'GET',
    path: ONE,
    handle: (call) => ok(messageShape(messageOf(call, channelOf(call, 'READ_MESSAGE_HISTORY')).message)),
  },
  { method: 'PATCH', path: ONE, body: 'message-edit', handle: editMessage },
  {
    method: 'DELETE',
    path: ONE,
    handle: (call) => {
      const channel = channelOf(call);
      const stored = messageOf(call, channel);
      const own = stored.message.author.id === call.world.bot.user.id;
      const mayAny = (call.world.permissionsOf(call.world.bot, channel) & PERMISSIONS.MANAGE_MESSAGES) !== 0n;
      if (!own && !mayAny) throw apiError('missingPermissions');
      call.world.messages.delete(stored);
      return noContent;
    },
  },
];

function createMessage(call: Call) {
  const { world, uploads, arrivedAt } = call;
  const body = call.body as MessageBody;
  const channel = channelOf(call);
  const needed = permissionsFor(channel, body, uploads.length);
  if (!needed.every((permission) => world.botMay(channel, permission))) throw apiError('missingPermissions');
  requireSubstance({ message: draft(body, uploads.length) });
  if (body.enforce_nonce === true && body.nonce !== undefined && body.nonce !== null) {
    const earlier = world.messages.findByNonce(body.nonce);
    if (earlier !== undefined) return ok(createdMessageShape(earlier.message));
  }
  if (channel.thread?.archived === true) channel.thread.archived = false;
  const { message } = world.messages.create({ channel, author: world.bot.user, body, uploads, arrivedAt });
  return ok(createdMessageShape(message));
}

function editMessage(call: Call) {
  const { world, uploads } = call;
  const channel = channelOf(call);
  const stored = messageOf(call, channel);
  const body = call.body as MessageBody;
  if (stored.message.author.id !== world.bot.user.id) throw apiError('notTheAuthor');
  if (channel.thread?.archived === true) throw apiError('threadArchived');
  if (uploads.length > 0 && !world.botMay(channel, 'ATTACH_FILES')) throw apiError('missingPermissions');
  if ((body.embeds ?? []).length > 0 && !world.botMay(channel, 'EMBED_LINKS')) throw apiError('missingPermissions');
  requireSubstance({ message: draftOfEdit(stored, body, uploads.length) });
  return ok(messageShape(world.messages.edit(stored, body, uploads).message));
}

function listMessages(call: Call) {
  const channel = channelOf(call, 'READ_MESSAGE_HISTORY');
  const limit = numberIn(call.query, 'limit', 50, 100);
  const all = call.world.messages.list(channel.id);
  const bound = (name: string): bigint | null => {
    const given = call.query.get(name);
    return given === null ? null : BigInt(given);
  };
  const [before, after, around] = [bound('before'), bound('after'), bound('around')];
  const id = ({ message }: StoredMessage): bigint => BigInt(message.id);
  let chosen = all.slice(-limit);
  if (before !== null) chosen = all.filter((one) => id(one) < before).slice(-limit);
  else if (after !== null) chosen = all.filter((one) => id(one) > after).slice(0, limit);
  else if (around !== null) {
    const older = all.filter((one) => id(one) < around).slice(-Math.floor(limit / 2));
    const rest = all.filter((one) => id(one) >= around).slice(0, limit - older.length);
    chosen = [...older, ...rest];
  }
  return ok(chosen.map(({ message }) => messageShape(message)).toReversed());
}

/** What a body would make, as far as emptiness goes. */
export function draft(body: MessageBody, files: number): Partial<Message> {
  return {
    content: body.content ?? '',
    embeds: (body.embeds ?? []) as Message['embeds'],
    components: (body.components ?? []) as Message['components'],
    attachments: Array.from<Message['attachments'][number]>({ length: files }),
  };
}

/** What an edit would leave. */
export function draftOfEdit({ message, files }: StoredMessage, body: MessageBody, added: number): Partial<Message> {
  const after = draft(body, added + (body.attachments?.length ?? files.length));
  return {
    ...after,
    ...(body.content === undefined && { content: message.content }),
    ...(body.embeds === undefined && { embeds: message.embeds }),
    ...(body.components === undefined && { components: message.components }),
  };
}
