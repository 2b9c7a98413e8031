import { expect, test } from 'vitest';
import { createRateLimits } from '../../../sandbox/discord/rest/rate-limits.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { startApi } from './api.ts';
import { startRealBot } from './real-bot.ts';

const POST = 'POST /channels/{channel_id}/messages';

test('a bucket counts down, refuses with the time left, and opens again', async () => {
  const clock = createManualClock();
  await using api = await startApi({ clock });
  api.sandbox.rateLimits.set(POST, { requests: 2, perMs: 5_000 });
  const remaining = [await api.send({ content: '1' }), await api.send({ content: '2' })].map(({ headers }) =>
    headers.get('x-ratelimit-remaining'),
  );
  expect(remaining).toEqual(['1', '0']);
  await clock.advance(1_500);
  const refused = await api.send({ content: '3' });
  expect([refused.status, refused.json]).toEqual([
    429,
    { message: 'You are being rate limited.', retry_after: 3.5, global: false },
  ]);
  expect(refused.headers.get('retry-after')).toBe('4');
  expect(refused.headers.get('x-ratelimit-scope')).toBe('user');
  await clock.advance(3_500);
  expect((await api.send({ content: '4' })).status).toBe(200);
});

test('each channel has a bucket of its own', () => {
  const limits = createRateLimits(createManualClock());
  limits.set(POST, { requests: 1, perMs: 1_000 });
  expect(limits.take(POST, 'a').retryAfterS).toBeNull();
  expect(limits.take(POST, 'b').retryAfterS).toBeNull();
  expect(limits.take(POST, 'a').retryAfterS).toBe(1);
});

test('the global limit leaves interactions alone', () => {
  const limits = createRateLimits(createManualClock());
  limits.set('global', { requests: 1, perMs: 1_000 });
  limits.take(POST, 'a');
  expect(limits.take(POST, 'b')).toMatchObject({ global: true, retryAfterS: 1 });
  expect(limits.take('POST /interactions/{interaction_id}/{interaction_token}/callback', '').retryAfterS).toBeNull();
});

test('the real client reads the headers and waits of itself, so that nothing is refused', async () => {
  await using bot = await startRealBot({ rest: { offset: 10 } });
  bot.sandbox.rateLimits.set(POST, { requests: 2, perMs: 200 });
  const channel = await bot.client.channels.fetch(bot.sandbox.channels.alerts);
  if (channel?.isSendable() !== true) throw new Error('the alert channel takes messages');
  await Promise.all(['1', '2', '3', '4', '5'].map((content) => channel.send(content)));
  expect(bot.sandbox.requests.items.filter(({ status }) => status === 429)).toEqual([]);
  expect(bot.sandbox.messages(bot.sandbox.channels.alerts)).toHaveLength(5);
});
