import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Routes } from 'discord-api-types/v10';
import { expect, test } from 'vitest';
import type { Fault } from '../../sandbox/discord/faults.ts';
import { createOutbox } from '../../src/delivery/create-outbox.ts';
import type { Delivered } from '../../src/delivery/transport.ts';
import { createChannelTransport } from '../../src/discord/channel-transport.ts';
import { createRest } from '../../src/discord/rest.ts';
import { createFakeJournal } from '../delivery/fake-journal.ts';
import { startApi } from '../sandbox/discord/api.ts';
import { createMovableClock } from '../support/movable-clock.ts';
import { createRecordedLog } from '../support/recorded-log.ts';

const MESSAGES = '/channels/{channel_id}/messages';
const NONCE = 'nonce-1';
const SILENT = new Set<Fault['kind']>(['hang', 'black-hole']);

/** The bot's REST client and its alert channel, against a sandbox. */
async function start({ timeoutMs = 10_000 } = {}) {
  const { sandbox } = await startApi();
  const rest = createRest({ apiUrl: sandbox.apiUrl, token: sandbox.token, timeoutMs });
  return {
    sandbox,
    rest,
    channel: createChannelTransport(rest, sandbox.channels.alerts),
    posts: () => sandbox.requests.items.filter(({ method }) => method === 'POST').length,
    texts: () => sandbox.messages(sandbox.channels.alerts).map(({ content }) => content),
    [Symbol.asyncDispose]: () => sandbox.close(),
  };
}

test('one 401 does not lose the token', async () => {
  await using bot = await start();
  await bot.sandbox.faults.set({ kind: 'unauthorized' });
  expect(await bot.channel.post({ content: 'a' }, NONCE)).toMatchObject({ kind: 'unauthorised' });
  expect(await bot.channel.post({ content: 'a' }, NONCE)).toMatchObject({ kind: 'delivered' });
});

test.each<readonly [string, Fault, Partial<Delivered>]>([
  ['a 502 after the message was stored', { kind: 'fail-after' }, { kind: 'uncertain' }],
  ['a 503', { kind: 'fail-before', status: 503 }, { kind: 'uncertain' }],
  ['a cut connection', { kind: 'drop', when: 'after' }, { kind: 'uncertain' }],
  ['no answer', { kind: 'hang' }, { kind: 'uncertain' }],
  ['nobody there', { kind: 'down' }, { kind: 'failed' }],
  ['a black hole', { kind: 'black-hole' }, { kind: 'uncertain' }],
  ['a long rate limit', { kind: 'rate-limit', retryAfterS: 30 }, { kind: 'failed' }],
  ['a long rate limit of a proxy', { kind: 'rate-limit', retryAfterS: 30, body: 'html' }, { kind: 'failed' }],
  ['a long global rate limit', { kind: 'rate-limit', retryAfterS: 30, global: true }, { kind: 'failed' }],
])('%s is told once, without a second request', async (_, fault, told) => {
  await using bot = await start(SILENT.has(fault.kind) ? { timeoutMs: 300 } : {});
  await bot.sandbox.faults.set(fault);
  const delivered = await bot.channel.post({ content: 'a' }, NONCE);
  expect(delivered).toMatchObject(told);
  expect(bot.posts()).toBeLessThanOrEqual(1);
  if (fault.kind === 'rate-limit') expect(delivered).toMatchObject({ retryAfterMs: 30_050 });
});

test('a short rate limit is waited for', async () => {
  await using bot = await start();
  await bot.sandbox.faults.set({ kind: 'rate-limit', retryAfterS: 0.1, times: 1 });
  expect(await bot.channel.post({ content: 'a' }, NONCE)).toMatchObject({ kind: 'delivered' });
  expect(bot.texts()).toEqual(['a']);
});

test('a client that waits for no rate limit tells a short one at once, and whose it is', async () => {
  await using bot = await start();
  const rest = createRest({ apiUrl: bot.sandbox.apiUrl, token: bot.sandbox.token, longestWaitMs: 0 });
  const channel = createChannelTransport(rest, bot.sandbox.channels.alerts);
  for (const global of [false, true]) {
    await bot.sandbox.faults.set({ kind: 'rate-limit', retryAfterS: 0.1, times: 1, global });
    const limited = global ? 'global' : 'channel';
    expect(await channel.post({ content: 'a' }, NONCE)).toMatchObject({ kind: 'failed', retryAfterMs: 150, limited });
  }
});

test('a bucket that is empty for long is told before a request is wasted on it', async () => {
  await using bot = await start();
  bot.sandbox.rateLimits.set(`POST ${MESSAGES}`, { requests: 2, perMs: 20_000 });
  for (const nonce of ['1', '2']) await bot.channel.post({ content: nonce }, nonce);
  expect(await bot.channel.post({ content: '3' }, '3')).toMatchObject({ kind: 'failed' });
  expect(bot.posts()).toBe(2);
});

test.each([
  [
    'may not be written to',
    (bot) => bot.sandbox.world.forbidBot(bot.sandbox.channels.alerts, ['SEND_MESSAGES']),
    /403/,
  ],
  ['may not be seen', (bot) => bot.sandbox.world.forbidBot(bot.sandbox.channels.alerts, ['VIEW_CHANNEL']), /403/],
  ['is gone', (bot) => bot.sandbox.world.channels.delete(bot.sandbox.channels.alerts), /404/],
] as const satisfies readonly (readonly [string, (bot: Awaited<ReturnType<typeof start>>) => unknown, RegExp])[])(
  'a channel that %s refuses, and says why',
  async (_, happen, reason) => {
    await using bot = await start();
    happen(bot);
    const delivered = await bot.channel.post({ content: 'a' }, NONCE);
    expect(delivered).toMatchObject({ kind: 'refused', reason: expect.stringMatching(reason) });
  },
);

test('a message with a button that could not be routed back is refused before it is sent', async () => {
  await using bot = await start();
  const buttons = [{ id: 'x'.repeat(101), label: 'Go', style: 'act' as const }];
  expect(await bot.channel.post({ content: 'a', buttons }, NONCE)).toMatchObject({ kind: 'refused' });
  expect(bot.posts()).toBe(0);
});

test('an edit of a deleted message says that it is gone', async () => {
  await using bot = await start();
  const posted = await bot.channel.post({ content: 'a' }, NONCE);
  if (posted.kind !== 'delivered') throw new Error(`not delivered: ${posted.kind}`);
  await bot.rest.delete(Routes.channelMessage(bot.sandbox.channels.alerts, posted.messageId));
  expect(await bot.channel.edit(posted.messageId, { content: 'b' })).toEqual({ kind: 'gone' });
});

test.each<readonly [string, Fault]>([
  ['a 502 after it was stored', { kind: 'fail-after', method: 'POST', route: MESSAGES, times: 1 }],
  ['a cut connection after it was stored', { kind: 'drop', when: 'after', method: 'POST', route: MESSAGES, times: 1 }],
])('%s leaves one message, in its newest state, for all the repeating', async (_, fault) => {
  await using bot = await start();
  await bot.sandbox.faults.set(fault);
  const clock = createMovableClock();
  const log = createRecordedLog();
  const outbox = await createOutbox({
    journal: createFakeJournal().journal,
    transports: { critical: bot.channel, normal: bot.channel, elsewhere: () => bot.channel },
    fallback: null,
    render: async (content) => ({ content: JSON.stringify(content) }),
    describe: () => ({ line: '', severity: 'critical', over: false }),
    clock,
    log,
    newNonce: () => NONCE,
    random: () => 0,
  });
  const put = (content: string): void =>
    outbox.put({
      id: 'alert.1',
      lane: 'critical',
      urgent: true,
      durable: true,
      final: content === 'resolved',
      at: 0,
      content,
    });
  put('firing');
  await bot.sandbox.waitForMessage(({ content }) => content === '"firing"');
  put('resolved');
  await bot.sandbox.waitForMessage(({ content }) => content === '"resolved"');
  await outbox.stop();
  expect(bot.texts()).toEqual(['"resolved"']);
  expect(bot.sandbox.violations).toEqual([]);
});

test('an answer that stops in its middle is waited for no longer than one that does not come', async () => {
  const stall: RequestListener = (_, res) => {
    res.writeHead(200, { 'content-type': 'application/json' });
    res.write('{');
  };
  const server = createServer(stall);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`;
  const channel = createChannelTransport(createRest({ apiUrl, token: 'token', timeoutMs: 200 }), '100000000000000001');
  expect(await channel.post({ content: 'a' }, NONCE)).toMatchObject({ kind: 'uncertain' });
  server.closeAllConnections();
  server.close();
});
