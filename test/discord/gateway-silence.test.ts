import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startGateway } from './start-gateway.ts';

test('hands a malformed interaction on unread, and delivers the next one', async () => {
  await using bot = await startGateway();
  await bot.connected();
  await bot.sandbox.faults.set({ kind: 'malformed-dispatch' });
  await bot.interact();
  expect(bot.news.items.filter(({ kind }) => kind === 'interaction')).toHaveLength(2);
});

test('notices that heartbeats are acknowledged no more, and connects anew', async () => {
  await using bot = await startGateway({ heartbeatIntervalMs: 40_000 });
  await bot.connected();
  await bot.sandbox.faults.set({ kind: 'no-heartbeat-ack' });
  await bot.skipUntil(() => bot.count('connected') === 2);
  expect(bot.log.lines.map(({ fields }) => fields)).toMatchObject([
    { reason: expect.stringContaining('no heartbeat') },
  ]);
  await bot.interact();
  expect({ bots: bot.sandbox.connectedBots, interactions: bot.count('interaction') }).toEqual({
    bots: 1,
    interactions: 1,
  });
});

test('lets a connection be whose heartbeats are acknowledged', async () => {
  await using bot = await startGateway({ heartbeatIntervalMs: 50 });
  await bot.connected();
  for (let minute = 0; minute < 5; minute += 1) {
    bot.clock.skip(50_000);
    const before = bot.gateway.lastHeartbeatAt() ?? 0;
    while ((bot.gateway.lastHeartbeatAt() ?? 0) <= before) await delay(10);
  }
  expect(bot.count('connected')).toBe(1);
});

test('gives up a black hole and connects when it is over', async () => {
  await using bot = await startGateway();
  await bot.connected();
  const over = await bot.sandbox.faults.set({ kind: 'black-hole' });
  await bot.skipUntil(() => bot.log.lines.length >= 1);
  expect(bot.gateway.lastHeartbeatAt()).toBeNull();
  await over();
  await bot.skipUntil(() => bot.count('connected') === 2);
  await bot.interact();
  expect(bot.count('interaction')).toBe(1);
});

test.each([
  ['while Discord is down', { kind: 'down' }],
  ['while the API hangs', { kind: 'hang' }],
  ['in a black hole at the start', { kind: 'black-hole' }],
  ['while the gateway refuses', { kind: 'gateway-down' }],
] as const)('stops promptly %s and leaves nothing running', async (_, fault) => {
  const bot = await startGateway({ faults: [fault] });
  await delay(100);
  await bot.gateway.stop();
  expect(bot.clock.sleepers).toBe(0);
  await bot.sandbox.faults.clear();
  await delay(600);
  expect(bot.sandbox.connectedBots + bot.count('connected') + bot.count('fatal')).toBe(0);
  await bot.sandbox.close();
});

test.each([
  ['connected', null],
  ['in a black hole', { kind: 'black-hole' }],
] as const)('stops promptly when %s', async (_, fault) => {
  const bot = await startGateway();
  await bot.connected();
  if (fault) await bot.sandbox.faults.set(fault);
  await bot.gateway.stop();
  expect({ sleepers: bot.clock.sleepers, lastHeartbeatAt: bot.gateway.lastHeartbeatAt() }).toEqual({
    sleepers: 0,
    lastHeartbeatAt: null,
  });
  await bot.sandbox.close();
});
