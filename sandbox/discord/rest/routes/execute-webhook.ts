import type { MessageBody } from '../../world/message-body.ts';
import { messageShape } from '../../world/message-shape.ts';
import type { Webhook } from '../../world/state.ts';
import { apiError } from '../api-error.ts';
import { requireSubstance } from '../lookup.ts';
import { type Answer, type Call, noContent, ok } from '../route.ts';
import { draft } from './message-routes.ts';

/**
 * A post through a channel's incoming webhook. Its buttons are dropped: it belongs to no application (Discord, "Execute
 * Webhook"). Only with `wait` is the message given back.
 */
export function executeWebhook(call: Call, webhook: Webhook): Answer {
  const { world, uploads, arrivedAt } = call;
  const channel = world.channels.get(webhook.channelId);
  if (call.param('webhook_token') !== webhook.token) throw apiError('invalidToken');
  if (channel === undefined) throw apiError('unknownWebhook');
  const { components: _, ...body } = call.body as MessageBody;
  requireSubstance({ message: draft(body, uploads.length) });
  const author = { id: webhook.id, username: webhook.name, global_name: null, bot: true };
  const { message } = world.messages.create({ channel, author, body, uploads, arrivedAt, webhookId: webhook.id });
  return call.query.get('wait') === 'true' ? ok(messageShape(message)) : noContent;
}
