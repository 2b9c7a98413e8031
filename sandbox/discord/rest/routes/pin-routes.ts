import { messageShape } from '../../world/message-shape.ts';
import { apiError } from '../api-error.ts';
import { channelOf, messageOf, numberIn } from '../lookup.ts';
import { type Call, noContent, ok, type Route } from '../route.ts';

const MAX_PINS = 250;

/** Pinned messages, by the old routes and the new. Pinning needs PIN_MESSAGES (facts.md, Discord 7). */
export const pinRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/channels/{channel_id}/pins',
    handle: (call) => ok(pinsOf(call).map(({ message }) => message)),
  },
  {
    method: 'GET',
    path: '/channels/{channel_id}/messages/pins',
    handle: (call) => {
      const limit = numberIn(call.query, 'limit', 50, 50);
      const items = pinsOf(call);
      return ok({ items: items.slice(0, limit), has_more: items.length > limit });
    },
  },
  ...['/channels/{channel_id}/pins/{message_id}', '/channels/{channel_id}/messages/pins/{message_id}'].flatMap(
    (path): Route[] => [
      { method: 'PUT', path, handle: pin },
      { method: 'DELETE', path, handle: unpin },
    ],
  ),
];

function pinsOf(call: Call) {
  return channelOf(call, 'READ_MESSAGE_HISTORY').pins.flatMap(({ messageId, at }) => {
    const stored = call.world.messages.find(messageId);
    return stored === undefined ? [] : [{ pinned_at: at, message: messageShape(stored.message) }];
  });
}

function pin(call: Call) {
  const { world, arrivedAt } = call;
  const channel = channelOf(call, 'PIN_MESSAGES');
  const stored = messageOf(call, channel);
  if (stored.message.pinned) return noContent;
  if (channel.pins.length >= MAX_PINS) throw apiError('tooManyPins');
  stored.message = { ...stored.message, pinned: true };
  channel.pins = [{ messageId: stored.message.id, at: new Date(arrivedAt).toISOString() }, ...channel.pins];
  world.events.push({ type: 'pins-changed', at: arrivedAt, channel });
  // Discord says so in the channel: a system message of type 6.
  const body = { message_reference: { message_id: stored.message.id } };
  const notice = world.messages.create({ channel, author: world.bot.user, body, uploads: [], arrivedAt });
  notice.message = { ...notice.message, type: 6 };
  return noContent;
}

function unpin(call: Call) {
  const channel = channelOf(call, 'PIN_MESSAGES');
  const stored = messageOf(call, channel);
  stored.message = { ...stored.message, pinned: false };
  channel.pins = channel.pins.filter(({ messageId }) => messageId !== stored.message.id);
  call.world.events.push({ type: 'pins-changed', at: call.arrivedAt, channel });
  return noContent;
}
