import type { InteractionRecord } from '../../world/interactions.ts';
import type { MessageBody } from '../../world/message-body.ts';
import { messageShape } from '../../world/message-shape.ts';
import type { StoredMessage } from '../../world/messages.ts';
import { MESSAGE_FLAGS } from '../../world/state.ts';
import { apiError } from '../api-error.ts';
import { requireSubstance } from '../lookup.ts';
import { type Call, noContent, ok, type Route } from '../route.ts';
import { createReply } from './callback-routes.ts';
import { executeWebhook } from './execute-webhook.ts';
import { draft, draftOfEdit } from './message-routes.ts';

const HOOK = '/webhooks/{webhook_id}/{webhook_token}';

/** What follows an interaction's first answer, for 15 minutes, under its token; and posts through a channel's webhook. */
export const webhookRoutes: readonly Route[] = [
  { method: 'POST', path: HOOK, auth: 'none', body: 'message', handle: postThrough },
  ...[`${HOOK}/messages/@original`, `${HOOK}/messages/{message_id}`].flatMap((path): Route[] => [
    { method: 'GET', path, auth: 'none', handle: (call) => ok(messageShape(replyOf(call, path).message)) },
    {
      method: 'PATCH',
      path,
      auth: 'none',
      body: 'message-edit',
      handle: (call) => {
        const stored = replyOf(call, path);
        requireSubstance({ message: draftOfEdit(stored, call.body as MessageBody, call.uploads.length) });
        return ok(messageShape(call.world.messages.edit(stored, call.body as MessageBody, call.uploads).message));
      },
    },
    {
      method: 'DELETE',
      path,
      auth: 'none',
      handle: (call) => {
        call.world.messages.delete(replyOf(call, path));
        return noContent;
      },
    },
  ]),
];

function postThrough(call: Call) {
  const webhook = call.world.webhooks.get(call.param('webhook_id'));
  return webhook === undefined ? followUp(call) : executeWebhook(call, webhook);
}

function followUp(call: Call) {
  const { world, uploads, arrivedAt } = call;
  const record = recordOf(call);
  const body = call.body as MessageBody;
  requireSubstance({ message: draft(body, uploads.length) });
  const { original } = record;
  // The first message after a deferral takes its place, ephemeral or not as the deferral was.
  if (original !== null && (original.message.flags & MESSAGE_FLAGS.loading) !== 0 && !original.deleted) {
    return ok(messageShape(world.messages.edit(original, body, uploads).message));
  }
  const stored = createReply(world, record, { body, uploads, arrivedAt, flags: 0 });
  record.followUps.push(stored);
  return ok(messageShape(stored.message));
}

function recordOf(call: Call): InteractionRecord {
  const record = call.world.interactions.findByToken(call.param('webhook_token'));
  const known = record?.state === 'acknowledged' && call.param('webhook_id') === call.world.applicationId;
  if (record === undefined || !known) throw apiError('unknownWebhook');
  if (!call.world.interactions.tokenAlive(record)) throw apiError('invalidToken');
  return record;
}

function replyOf(call: Call, path: string): StoredMessage {
  const record = recordOf(call);
  const stored = path.endsWith('@original')
    ? record.original
    : [record.original, ...record.followUps].find((one) => one?.message.id === call.param('message_id'));
  if (stored === null || stored === undefined || stored.deleted) throw apiError('unknownMessage');
  return stored;
}
