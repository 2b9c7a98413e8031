import type { InteractionRecord } from '../../world/interactions.ts';
import type { MessageBody } from '../../world/message-body.ts';
import { messageShape } from '../../world/message-shape.ts';
import type { StoredMessage } from '../../world/messages.ts';
import { type InteractionMetadata, MESSAGE_FLAGS } from '../../world/state.ts';
import type { World } from '../../world/world.ts';
import { apiError, invalidForm } from '../api-error.ts';
import { requireSubstance } from '../lookup.ts';
import { type Call, noContent, ok, type Route } from '../route.ts';
import { draft } from './message-routes.ts';

interface CallbackBody {
  readonly type: number;
  readonly data?: MessageBody | null;
}

/** Which callbacks answer which interaction (2 command, 3 component, 4 autocompletion, 5 modal). */
const ALLOWED: Readonly<Record<number, readonly number[]>> = {
  2: [4, 5, 9, 12],
  3: [4, 5, 6, 7, 9, 12],
  4: [8],
  5: [4, 5, 6, 7, 12],
};

/** The first answer to an interaction: within 3 s, once (facts.md, Discord 6). */
export const callbackRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/interactions/{interaction_id}/{interaction_token}/callback',
    auth: 'none',
    body: 'interaction-callback',
    handle: (call) => {
      const { world } = call;
      const record = world.interactions.find(call.param('interaction_id'), call.param('interaction_token'));
      if (record === undefined) throw apiError('unknownInteraction');
      const body = call.body as CallbackBody;
      requireFitting(record, body);
      if (body.type === 4) requireSubstance({ message: draft(body.data ?? {}, call.uploads.length) });
      const callback = { type: body.type, data: { ...body.data } };
      if (!world.interactions.acknowledge(record, callback, call.arrivedAt)) {
        throw apiError(record.state === 'expired' ? 'unknownInteraction' : 'alreadyAcknowledged');
      }
      record.original = takeEffect(call, record, body);
      world.interactions.settled(record);
      return call.query.get('with_response') === 'true' ? ok(responseShape(record, body.type)) : noContent;
    },
  },
];

function requireFitting(record: InteractionRecord, { type }: CallbackBody): void {
  const fromComponent = record.type === 3 || record.source !== null;
  const fits = ALLOWED[record.type]?.includes(type) === true && (fromComponent || (type !== 6 && type !== 7));
  if (fits) return;
  const message = `a callback of type ${type} does not answer an interaction of type ${record.type}`;
  throw invalidForm([{ rule: 'callback-type', path: ['type'], message, code: 'BASE_TYPE_CHOICES' }]);
}

function takeEffect(call: Call, record: InteractionRecord, { type, data }: CallbackBody): StoredMessage | null {
  const { world, uploads, arrivedAt } = call;
  if (type === 6) return record.source;
  if (type === 7) return record.source && world.messages.edit(record.source, data ?? {}, uploads);
  if (type !== 4 && type !== 5) return null;
  const flags = type === 5 ? MESSAGE_FLAGS.loading : 0;
  return createReply(world, record, { body: data ?? {}, uploads, arrivedAt, flags });
}

/** A message in answer to an interaction: the first or a follow-up. Needs none of the bot's own permissions to send. */
export function createReply(
  world: World,
  record: InteractionRecord,
  reply: Pick<Call, 'uploads' | 'arrivedAt'> & { readonly body: MessageBody; readonly flags: number },
): StoredMessage {
  const channel = world.channels.get(record.channelId);
  if (channel === undefined) throw apiError('unknownChannel');
  const ephemeral = ((reply.body.flags ?? 0) & MESSAGE_FLAGS.ephemeral) !== 0;
  return world.messages.create({
    channel,
    author: world.bot.user,
    ...reply,
    type: record.type === 2 && record.original === null ? 20 : 0,
    visibleTo: ephemeral ? record.userId : null,
    interaction: metadata(world, record),
  });
}

function metadata(world: World, record: InteractionRecord): InteractionMetadata {
  const user = world.members.get(record.userId)?.user;
  if (user === undefined) throw apiError('unknownUser');
  const { name } = (record.payload['data'] ?? {}) as { readonly name?: string };
  return {
    id: record.id,
    type: record.type,
    user,
    authorizing_integration_owners: { '0': world.guild.id },
    ...(name === undefined ? {} : { name }),
  };
}

function responseShape(record: InteractionRecord, type: number) {
  const message = record.original?.message;
  return {
    interaction: {
      id: record.id,
      type: record.type,
      ...(message && {
        response_message_id: message.id,
        response_message_loading: (message.flags & MESSAGE_FLAGS.loading) !== 0,
        response_message_ephemeral: (message.flags & MESSAGE_FLAGS.ephemeral) !== 0,
      }),
    },
    resource: { type, ...(message && { message: messageShape(message) }) },
  };
}
