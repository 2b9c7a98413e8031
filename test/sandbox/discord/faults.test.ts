import type { TextChannel } from 'discord.js';
import { expect, test } from 'vitest';
import { startApi } from './api.ts';
import { type RealBot, startRealBot } from './real-bot.ts';

const alerts = ({ client, sandbox }: RealBot) => client.channels.cache.get(sandbox.channels.alerts) as TextChannel;
const POST_MESSAGE = { method: 'POST', route: '/messages' } as const;

test('502 after storing makes the client send again: two copies without a nonce, one with', async () => {
  await using bot = await startRealBot();
  await bot.sandbox.faults.set({ kind: 'fail-after', times: 1, ...POST_MESSAGE });
  await alerts(bot).send('plain');
  await bot.sandbox.faults.set({ kind: 'fail-after', times: 1, ...POST_MESSAGE });
  await alerts(bot).send({ content: 'with nonce', nonce: 'alert-1', enforceNonce: true });
  const contents = bot.sandbox.messages(bot.sandbox.channels.alerts).map(({ content }) => content);
  expect(contents).toEqual(['plain', 'plain', 'with nonce']);
});

test.each([502, 500])('%i before the act stores nothing, and the client tries again', async (status) => {
  await using bot = await startRealBot();
  await bot.sandbox.faults.set({ kind: 'fail-before', status, times: 2, ...POST_MESSAGE });
  await alerts(bot).send('third time lucky');
  expect(bot.sandbox.messages(bot.sandbox.channels.alerts)).toHaveLength(1);
  const posts = bot.sandbox.requests.items.filter(({ method }) => method === 'POST').map(({ status: sent }) => sent);
  expect(posts).toEqual([status, status, 200]);
});

test('a hanging request is answered never, and its socket closes when the fault is cleared', async () => {
  await using api = await startApi();
  const clear = await api.sandbox.faults.set({ kind: 'hang' });
  const request = api.send({ content: 'x' });
  await api.sandbox.requests.waitFor(({ method }) => method === 'POST');
  await clear();
  await expect(request).rejects.toThrow('fetch failed');
  expect((await api.send({ content: 'y' })).status).toBe(200);
});

test('a slow answer is a right one', async () => {
  await using api = await startApi();
  await api.sandbox.faults.set({ kind: 'slow', ms: 30 });
  expect((await api.send({ content: 'x' })).status).toBe(200);
});

test.each([
  ['before', 0],
  ['after', 1],
] as const)('a connection dropped %s the act leaves %i message', async (when, stored) => {
  await using api = await startApi();
  await api.sandbox.faults.set({ kind: 'drop', when, times: 1 });
  await expect(api.send({ content: 'x' })).rejects.toThrow('fetch failed');
  expect(api.sandbox.messages(api.sandbox.channels.alerts)).toHaveLength(stored);
});

test.each(['json', 'html'] as const)('429 in %s makes the client wait for the header, then go on', async (body) => {
  await using bot = await startRealBot();
  await bot.sandbox.faults.set({
    kind: 'rate-limit',
    retryAfterS: 0.05,
    body,
    times: 1,
    global: true,
    ...POST_MESSAGE,
  });
  await alerts(bot).send('waited');
  expect(bot.sandbox.messages(bot.sandbox.channels.alerts)).toHaveLength(1);
  expect(bot.sandbox.requests.items.filter(({ status }) => status === 429)).toHaveLength(1);
});

test('one 401 on a route of the bot clears the token of the client', async () => {
  await using bot = await startRealBot();
  await bot.sandbox.faults.set({ kind: 'unauthorized' });
  await expect(alerts(bot).send('x')).rejects.toMatchObject({ status: 401 });
  await expect(alerts(bot).send('y')).rejects.toThrow('Expected token to be set');
});

test('down refuses connections, and comes back on the same port', async () => {
  await using api = await startApi();
  const { port } = api.sandbox;
  const clear = await api.sandbox.faults.set({ kind: 'down' });
  const cause = await api.send({ content: 'x' }).catch((error: unknown) => (error as Error).cause);
  expect(cause).toMatchObject({ code: 'ECONNREFUSED', port });
  await clear();
  expect((await api.send({ content: 'y' })).status).toBe(200);
});

test('a sandbox that is down closes too', async () => {
  const api = await startApi();
  await api.sandbox.faults.set({ kind: 'down' });
  await api.sandbox.close();
});

test('a black hole swallows requests without a trace, and breaks them when it ends', async () => {
  await using api = await startApi();
  const clear = await api.sandbox.faults.set({ kind: 'black-hole' });
  const swallowed = api.send({ content: 'x' });
  const settled = await Promise.race([
    swallowed.catch(() => 'broken'),
    new Promise((r) => setTimeout(r, 50, 'silent')),
  ]);
  expect(settled).toBe('silent');
  expect(api.sandbox.requests.items).toEqual([]);
  await clear();
  await expect(swallowed).rejects.toThrow('fetch failed');
});

test('clear switches everything off', async () => {
  await using api = await startApi();
  await api.sandbox.faults.set({ kind: 'fail-before' });
  await api.sandbox.faults.set({ kind: 'down' });
  expect(api.sandbox.faults.active.map(({ kind }) => kind)).toEqual(['fail-before', 'down']);
  await api.sandbox.faults.clear();
  expect((await api.send({ content: 'x' })).status).toBe(200);
});
