import { expect, test } from 'vitest';
import type { Fault } from '../../sandbox/discord/faults.ts';
import { createChannelActs } from '../../src/discord/channel-acts.ts';
import { createRest } from '../../src/discord/rest.ts';
import { startApi } from '../sandbox/discord/api.ts';

/** A message in the alert channel, and the bot's acts on it. */
async function start() {
  const api = await startApi();
  const { sandbox } = api;
  const rest = createRest({ apiUrl: sandbox.apiUrl, token: sandbox.token, timeoutMs: 500, longestWaitMs: 0 });
  const { id } = (await api.send({ content: 'critical' })).json as { readonly id: string };
  return {
    sandbox,
    channel: sandbox.channels.alerts,
    id,
    acts: createChannelActs(rest),
    [Symbol.asyncDispose]: () => api[Symbol.asyncDispose](),
  };
}

test('a thread is started from a message, once, however often it is asked for', async () => {
  await using bot = await start();
  const started = await bot.acts.startThread(bot.channel, bot.id, `Incident\u202e ${'x'.repeat(200)}`);
  expect(started).toEqual({ kind: 'started', channelId: bot.id });
  expect(bot.sandbox.world.channels.get(bot.id)).toMatchObject({ type: 11, parentId: bot.channel });
  expect(bot.sandbox.world.channels.get(bot.id)?.name).toMatch(/^Incident x{90}…$/);
  expect(await bot.acts.startThread(bot.channel, bot.id, 'again')).toEqual(started);
  expect(bot.sandbox.violations).toEqual([]);
});

test('a thread of a name that nobody could see has one all the same', async () => {
  await using bot = await start();
  expect(await bot.acts.startThread(bot.channel, bot.id, '\u200b')).toMatchObject({ kind: 'started' });
  expect(bot.sandbox.world.channels.get(bot.id)?.name).toBe('Incident');
});

test('a thread whose answer was lost is found by asking again', async () => {
  await using bot = await start();
  await bot.sandbox.faults.set({ kind: 'drop', when: 'after', route: '/threads', times: 1 });
  expect(await bot.acts.startThread(bot.channel, bot.id, 'Incident')).toMatchObject({ kind: 'failed' });
  expect(await bot.acts.startThread(bot.channel, bot.id, 'Incident')).toEqual({ kind: 'started', channelId: bot.id });
});

test('a message is pinned, and pinned again without harm', async () => {
  await using bot = await start();
  expect(await bot.acts.pin(bot.channel, bot.id)).toEqual({ kind: 'done' });
  expect(await bot.acts.pin(bot.channel, bot.id)).toEqual({ kind: 'done' });
  expect(bot.sandbox.world.channels.get(bot.channel)?.pins.map(({ messageId }) => messageId)).toEqual([bot.id]);
  expect(bot.sandbox.violations).toEqual([]);
});

test('a full board of pins is told as such', async () => {
  await using bot = await start();
  const channel = bot.sandbox.world.channels.get(bot.channel);
  if (!channel) throw new Error('no channel');
  channel.pins = Array.from({ length: 250 }, (_, i) => ({ messageId: String(i), at: '' }));
  expect(await bot.acts.pin(bot.channel, bot.id)).toEqual({
    kind: 'refused',
    reason: `<#${bot.channel}> has as many pins as Discord allows: unpin an old one`,
  });
});

test('a message loses its buttons without the token of an interaction, and pings nobody', async () => {
  await using bot = await start();
  const { onCall } = bot.sandbox.roles;
  const message = { content: `expired <@&${onCall}>`, pingRoles: [onCall] };
  expect(await bot.acts.editMessage(bot.channel, bot.id, message)).toEqual({ kind: 'done' });
  expect(bot.sandbox.messages(bot.channel)).toMatchObject([{ id: bot.id, components: [], mention_roles: [] }]);
});

test('an edit that Discord would never take is refused without asking', async () => {
  await using bot = await start();
  const buttons = [{ id: 'x'.repeat(101), label: 'x', style: 'quiet' }] as const;
  expect(await bot.acts.editMessage(bot.channel, bot.id, { buttons })).toMatchObject({ kind: 'refused' });
});

const EACH = [
  ['a thread', 'CREATE_PUBLIC_THREADS', 'Create Public Threads', 'startThread'],
  ['a pin', 'PIN_MESSAGES', 'Pin Messages', 'pin'],
] as const;
type Started = Awaited<ReturnType<typeof start>>;
const perform = ({ acts, channel }: Started, act: 'startThread' | 'pin' | 'editMessage', id: string) => {
  if (act === 'pin') return acts.pin(channel, id);
  return act === 'startThread'
    ? acts.startThread(channel, id, 'Incident')
    : acts.editMessage(channel, id, { content: 'x' });
};

test.each(EACH)('%s that is forbidden is refused with the permission that is missing', async (_, bit, words, act) => {
  await using bot = await start();
  bot.sandbox.world.forbidBot(bot.channel, [bit]);
  const reason = `the bot lacks the permission ${words} in <#${bot.channel}>`;
  expect(await perform(bot, act, bot.id)).toEqual({ kind: 'refused', reason });
  bot.sandbox.world.forbidBot(bot.channel, ['VIEW_CHANNEL']);
  const unseen = `the bot lacks the permission View Channel or ${words} in <#${bot.channel}>`;
  expect(await perform(bot, act, bot.id)).toEqual({ kind: 'refused', reason: unseen });
});

const ACTS = ['startThread', 'pin', 'editMessage'] as const;

test.each(ACTS)('%s on a message that was deleted says that it is gone', async (act) => {
  await using bot = await start();
  expect(await perform(bot, act, '1')).toEqual({ kind: 'refused', reason: 'somebody deleted the message' });
});

test.each<readonly [string, Fault, number]>([
  ['a 502', { kind: 'fail-before' }, 0],
  ['a cut connection', { kind: 'drop', when: 'before' }, 0],
  ['no answer', { kind: 'hang' }, 0],
  ['a rate limit', { kind: 'rate-limit', retryAfterS: 7 }, 7_000],
  ['a passing 401', { kind: 'unauthorized' }, 0],
])('each act fails for now through %s', async (_, fault, retryAfterMs) => {
  await using bot = await start();
  for (const act of ACTS) {
    const clear = await bot.sandbox.faults.set({ times: 1, ...fault } as Fault);
    const failed = await perform(bot, act, bot.id);
    expect(failed).toMatchObject({ kind: 'failed', reason: expect.any(String) });
    // The client adds a little to what Discord says.
    expect('retryAfterMs' in failed && Math.floor(failed.retryAfterMs / 1_000) * 1_000).toBe(retryAfterMs);
    await clear();
  }
});
