import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startGateway } from './start-gateway.ts';

const DOWN = { kind: 'down' } as const;

test('connects with the Guilds intent alone and hands interactions on as they came', async () => {
  await using bot = await startGateway();
  await bot.connected();
  await bot.interact();
  const [payload] = bot.sandbox.world.interactions.all.map(({ payload }) => payload);
  expect(bot.news.items.at(-1)).toEqual({ kind: 'interaction', raw: payload });
  expect(bot.gateway.lastHeartbeatAt()).not.toBeNull();
});

test('ends at once with one clear line for a wrong token', async () => {
  await using bot = await startGateway({ botToken: 'wrong.token.altogether' });
  expect(await bot.fatal()).toBe('Discord refuses the bot token: put the right one into DISCORD_TOKEN.');
  expect(bot.log.lines).toEqual([]);
  expect(bot.count('fatal')).toBe(1);
});

test.each([
  ['nothing listens', DOWN],
  ['the API answers 502', { kind: 'fail-before' }],
  ['the gateway answers 503', { kind: 'gateway-down' }],
  ['the gateway is full', { kind: 'rate-limit', route: '/gateway/bot', retryAfterS: 60 }],
] as const)('keeps trying while %s at the start, and connects once when that is over', async (_, fault) => {
  await using bot = await startGateway({ faults: [fault] });
  const tries = () => bot.log.lines.length;
  await bot.skipUntil(() => tries() >= 3);
  expect(bot.count('connected') + bot.count('fatal')).toBe(0);
  expect(bot.gateway.lastHeartbeatAt()).toBeNull();
  await bot.sandbox.faults.clear();
  await bot.skipUntil(() => bot.count('connected') > 0);
  await bot.interact();
  // The library's shards come back half a second after they were destroyed.
  await delay(600);
  await bot.interact();
  expect({ bots: bot.sandbox.connectedBots, interactions: bot.count('interaction') }).toEqual({
    bots: 1,
    interactions: 2,
  });
});

test('waits longer after each failure, at most half a minute', async () => {
  await using bot = await startGateway({ faults: [DOWN] });
  await bot.skipUntil(() => bot.log.lines.length >= 9);
  const waits = bot.log.lines.map(({ fields }) => (fields as { readonly againMs: number }).againMs);
  expect(waits.slice(0, 3).every((wait, index) => index === 0 || wait > (waits[index - 1] ?? 0))).toBe(true);
  expect(Math.max(...waits)).toBe(30_000);
});

test.each([
  [4004, /token/],
  [4014, /intents/],
])('ends when Discord closes the live gateway with %i', async (code, reason) => {
  await using bot = await startGateway();
  await bot.connected();
  await bot.sandbox.faults.set({ kind: 'close', code });
  expect(await bot.fatal()).toMatch(reason);
  await bot.skipUntil(() => bot.sandbox.connectedBots === 0);
  expect(bot.gateway.lastHeartbeatAt()).toBeNull();
});

test.each([
  ['a close with 4000', { kind: 'close', code: 4000 }],
  ['a close with 4009', { kind: 'close', code: 4009 }],
  ['a dropped socket', { kind: 'drop-sockets' }],
  ['op 7, reconnect', { kind: 'reconnect' }],
  ['an invalid session', { kind: 'invalid-session', resumable: false }],
] as const)('comes back by itself after %s', async (_, fault) => {
  await using bot = await startGateway();
  await bot.connected();
  await bot.sandbox.faults.set(fault);
  await bot.skipUntil(() => bot.count('connected') === 2);
  await bot.interact();
  expect({ bots: bot.sandbox.connectedBots, interactions: bot.count('interaction') }).toEqual({
    bots: 1,
    interactions: 1,
  });
});

test('is given what was sent while its socket was down', async () => {
  await using bot = await startGateway();
  await bot.connected();
  await bot.sandbox.faults.set({ kind: 'drop-sockets' });
  await bot.interact();
  expect(bot.count('interaction')).toBe(1);
});

test('comes back after the gateway was down for a while', async () => {
  await using bot = await startGateway();
  await bot.connected();
  const up = await bot.sandbox.faults.set({ kind: 'gateway-down' });
  await bot.skipUntil(() => bot.log.lines.length >= 4);
  await up();
  await bot.skipUntil(() => bot.count('connected') === 2);
  await bot.interact();
  await delay(600);
  expect(bot.sandbox.connectedBots).toBe(1);
});

test('does not end for a 401 while its token was good, and comes back', async () => {
  await using bot = await startGateway();
  await bot.connected();
  await bot.sandbox.faults.set({ kind: 'unauthorized', times: 5 });
  await bot.sandbox.faults.set({ kind: 'invalid-session', resumable: false });
  await bot.skipUntil(() => bot.count('connected') === 2);
  expect(bot.count('fatal')).toBe(0);
});
