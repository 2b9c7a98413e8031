import { expect, test } from 'vitest';
import { createChannelTransport } from '../../src/discord/channel-transport.ts';
import { createRest } from '../../src/discord/rest.ts';
import { COLOURS, type Message } from '../../src/render/message.ts';
import { startApi } from '../sandbox/discord/api.ts';

const HISTORY = '/channels/{channel_id}/messages';

async function start() {
  const api = await startApi();
  const { sandbox } = api;
  const channel = createChannelTransport(
    createRest({ apiUrl: sandbox.apiUrl, token: sandbox.token, longestWaitMs: 0 }),
    sandbox.channels.alerts,
  );
  let nonces = 0;
  return {
    ...api,
    channel,
    async post(message: Message): Promise<string> {
      const posted = await channel.post(message, `nonce-${(nonces += 1)}`);
      if (posted.kind !== 'delivered') throw new Error(posted.kind);
      return posted.messageId;
    },
    [Symbol.asyncDispose]: () => sandbox.close(),
  };
}

const marked = (id: string): Message => ({ content: 'a', buttons: [{ id, label: 'Acknowledge', style: 'act' }] });
const footed = (footer: string): Message => ({ embed: { title: 'a', colour: COLOURS.calm, footer } });

test('a message is found by a part of a custom id or of its footer, and by nothing less', async () => {
  await using bot = await start();
  const since = Date.now() - 1_000;
  const wanted = [
    await bot.post(marked('alert.ack:do:3f9c')),
    await bot.post(marked('alert.ack:3f9c.2')),
    await bot.post(footed('digest · 3f9c')),
  ];
  for (const other of [
    marked('alert.ack:3f9cc'),
    marked('alert.3f9c:do'),
    footed('digest 3f9c'),
    { content: '3f9c' },
  ]) {
    await bot.post(other);
  }
  expect(await bot.channel.find('3f9c', since)).toEqual({ kind: 'found', messageIds: wanted });
  expect(await bot.channel.find('absent', since)).toEqual({ kind: 'found', messageIds: [] });
});

test('only messages since then are looked at, page by page', async () => {
  await using bot = await start();
  await bot.post(marked('alert.ack:3f9c'));
  await new Promise((resolve) => setTimeout(resolve, 5));
  const since = Date.now();
  await new Promise((resolve) => setTimeout(resolve, 5));
  const channel = bot.sandbox.world.channels.get(bot.sandbox.channels.alerts);
  if (!channel) throw new Error('no channel');
  for (let n = 0; n < 205; n += 1) {
    const body = { content: `chatter ${n}` };
    bot.sandbox.world.messages.create({
      channel,
      author: bot.sandbox.world.bot.user,
      body,
      uploads: [],
      arrivedAt: since,
    });
  }
  const wanted = await bot.post(marked('alert.ack:3f9c'));
  expect(await bot.channel.find('3f9c', since)).toEqual({ kind: 'found', messageIds: [wanted] });
  expect(bot.sandbox.requests.items.filter(({ route, method }) => route === HISTORY && method === 'GET').length).toBe(
    3,
  );
});

test('what another posted is not taken for its own', async () => {
  await using bot = await start();
  await fetch(bot.sandbox.fallbackWebhookUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ embeds: [{ title: 'a', footer: { text: 'digest · 3f9c' } }] }),
  });
  expect(await bot.channel.find('3f9c', Date.now() - 1_000)).toEqual({ kind: 'found', messageIds: [] });
});

test('a history that may not be read is told from one that cannot be read now', async () => {
  await using bot = await start();
  await bot.sandbox.faults.set({ kind: 'fail-before', times: 1 });
  expect(await bot.channel.find('3f9c', 0)).toMatchObject({ kind: 'failed' });
  await bot.sandbox.faults.set({ kind: 'rate-limit', retryAfterS: 3, times: 1 });
  expect(await bot.channel.find('3f9c', 0)).toMatchObject({ kind: 'failed', retryAfterMs: 3_050, limited: 'channel' });
  bot.sandbox.world.forbidBot(bot.sandbox.channels.alerts, ['READ_MESSAGE_HISTORY']);
  expect(await bot.channel.find('3f9c', 0)).toMatchObject({ kind: 'refused', reason: expect.stringMatching(/403/) });
});
