import { expect, test } from 'vitest';
import type { Fault } from '../../sandbox/discord/faults.ts';
import { titleOf } from '../../sandbox/drill/read-message.ts';
import { startAnswering } from './start-answering.ts';

const CALLBACK = { route: '/callback', times: 1 } as const;
const ORIGINAL = '/messages/@original';

test.each<readonly [string, Fault]>([
  ['is cut off before it arrived', { kind: 'drop', when: 'before', ...CALLBACK }],
  ['is cut off after it arrived', { kind: 'drop', when: 'after', ...CALLBACK }],
  ['gets a 502', { kind: 'fail-before', ...CALLBACK }],
  ['gets a 502 after it arrived', { kind: 'fail-after', ...CALLBACK }],
  ['gets no answer', { kind: 'hang', ...CALLBACK }],
])('an acknowledgement that %s is repeated in time, and the answer follows', async (_, fault) => {
  await using bot = await startAnswering();
  await bot.sandbox.faults.set(fault);
  const outcome = await bot.sandbox.actAs('rosa').command('db status');
  expect(outcome.kind).toBe('deferred');
  expect(titleOf(await outcome.final())).toBe('status of main');
  expect(bot.log.lines).toEqual([]);
});

test('an interaction that somebody else has answered is not acted on', async () => {
  await using bot = await startAnswering();
  const acted = bot.sandbox.requests;
  bot.sandbox.events.on((event) => {
    if (event.type !== 'interaction-created') return;
    const { interaction } = event;
    bot.sandbox.world.interactions.acknowledge(interaction, { type: 5, data: {} }, event.at);
    bot.sandbox.world.interactions.settled(interaction);
  });
  await bot.sandbox.actAs('rosa').command('db status');
  await bot.logged('an interaction could not be answered');
  expect(acted.items.filter(({ method }) => method === 'PATCH')).toEqual([]);
});

test('an answer that is not taken once is sent again', async () => {
  await using bot = await startAnswering();
  await bot.sandbox.faults.set({ kind: 'fail-before', status: 500, method: 'PATCH', route: ORIGINAL, times: 1 });
  const outcome = await bot.sandbox.actAs('rosa').command('db status');
  expect(titleOf(await outcome.final())).toBe('status of main');
  expect(bot.log.lines).toEqual([]);
});

test.each<readonly [string, Fault]>([
  ['gets 500', { kind: 'fail-before', status: 500, method: 'PATCH', route: ORIGINAL }],
  ['is never taken', { kind: 'hang', method: 'PATCH', route: ORIGINAL }],
  ['is rate limited for long', { kind: 'rate-limit', retryAfterS: 30, method: 'PATCH', route: ORIGINAL }],
])('an answer that %s is logged, and the asker is told instead of “thinking…” for ever', async (_, fault) => {
  await using bot = await startAnswering(fault.kind === 'hang' ? { timeoutMs: 600 } : {});
  await bot.sandbox.faults.set(fault);
  const outcome = await bot.sandbox.actAs('rosa').command('db status');
  const told = await outcome.final();
  expect(told.content).toContain('could not be shown');
  expect(bot.log.lines.map(({ message }) => message)).toEqual(['an answer could not be shown']);
  expect(bot.sandbox.messages(bot.sandbox.channels.alerts)).toEqual([]);
});

test('an answer that comes after the token has expired is logged, and nothing is thrown', async () => {
  await using bot = await startAnswering({ tokenLivesMs: 0 });
  await bot.sandbox.actAs('rosa').command('db status');
  await bot.logged('an interaction could not be answered');
  expect(bot.log.lines.map(({ message }) => message)).toContain('an answer could not be shown');
});

test('an answer does not wait behind the slow upload of another', async () => {
  await using bot = await startAnswering();
  await bot.sandbox.faults.set({ kind: 'slow', ms: 200, method: 'PATCH', route: ORIGINAL, times: 1 });
  const rosa = bot.sandbox.actAs('rosa');
  const [slow, quick] = await Promise.all([rosa.command('db status'), rosa.command('db status')]);
  await quick.final();
  expect(slow.message()?.flags).not.toBe(0);
  await slow.final();
  expect(bot.sandbox.violations).toEqual([]);
});

test('with Discord out of reach nothing is thrown', async () => {
  await using bot = await startAnswering();
  await bot.sandbox.faults.set({ kind: 'down' });
  bot.sandbox
    .actAs('rosa')
    .command('db status')
    .catch(() => null);
  await bot.logged('an interaction could not be answered');
});
