import { expect, it } from 'vitest';
import type { Delivered } from '../../src/delivery/transport.ts';
import { letter, startOutbox } from './start-outbox.ts';

const DOWN: Delivered = { kind: 'failed', reason: 'ECONNREFUSED', retryAfterMs: 0 };
const DELETED: Delivered = { kind: 'refused', reason: 'Discord answers 404: Unknown Channel', of: 'channel' };
const CRITICAL = { lane: 'critical', urgent: true } as const;
const THREAD = { channel: 'thread', final: true } as const;

it('posts a letter into its own channel, and goes on there after a restart', async () => {
  const bot = await startOutbox();
  bot.placeOf('thread').troubles.post.push('hang');
  bot.outbox.put(letter('i.n1', 'one', THREAD));
  await bot.settle();
  const after = await bot.restart();
  await bot.clock.advance(1_000);
  expect([bot.placeOf('thread').texts(), bot.texts()]).toEqual([['one'], []]);
  expect(new Set(bot.placeOf('thread').sent.flatMap(({ nonce }) => nonce ?? []))).toEqual(new Set(['nonce-1']));
  await after.stop();
});

it('keeps the channel over a compaction and a restart', async () => {
  const bot = await startOutbox();
  bot.placeOf('thread').break(DOWN);
  bot.outbox.put(letter('i.n1', 'one', THREAD));
  await bot.settle();
  await (await bot.restart()).stop();
  expect(bot.journal.types()).toEqual(['kept']);
  bot.placeOf('thread').break(null);
  const after = await bot.restart();
  await bot.clock.advance(10_000);
  expect([bot.placeOf('thread').texts(), bot.texts()]).toEqual([['one'], []]);
  await after.stop();
});

it.each(['hang', DOWN] as const)(
  'does not let a thread that fails (%j) delay an alert or another channel',
  async (trouble) => {
    const bot = await startOutbox();
    bot.placeOf('thread').break(trouble);
    bot.outbox.put(letter('i.n1', 'stuck', THREAD));
    await bot.settle();
    bot.outbox.put(letter('critical.1', 'critical', CRITICAL));
    bot.outbox.put(letter('warning.1', 'warning'));
    bot.outbox.put(letter('act.1', 'act', { channel: 'audit', final: true }));
    await bot.settle();
    expect([bot.texts().toSorted(), bot.placeOf('audit').texts()]).toEqual([['critical', 'warning'], ['act']]);
    expect(bot.outbox.health()).toMatchObject({ failingSince: null, silentSince: null, oldestWaitingMs: null });
  },
);

it('posts what waited in its order, each by itself, and tells no note of it', async () => {
  const bot = await startOutbox();
  bot.placeOf('thread').break(DOWN);
  const names = Array.from({ length: 15 }, (_, n) => `line ${n}`);
  for (const [n, name] of names.entries()) bot.outbox.put(letter(`i.n${n}`, name, THREAD));
  await bot.clock.advance(120_000);
  bot.placeOf('thread').break(null);
  await bot.clock.advance(60_000);
  expect([bot.placeOf('thread').texts(), bot.texts()]).toEqual([names, []]);
  expect(bot.outbox.waiting()).toBe(0);
  await bot.outbox.stop();
});

it('keeps a single letter of the alert channel out of digest and note', async () => {
  const bot = await startOutbox();
  bot.channel.break(DOWN);
  bot.outbox.put(letter('i.summary', 'incident', { single: true, final: true }));
  bot.outbox.put(letter('j.summary', 'another', { single: true }));
  for (let n = 0; n < 12; n += 1) bot.outbox.put(letter(`w${n}.1`, `warning ${n}`));
  await bot.clock.advance(60_000);
  bot.channel.break(null);
  await bot.clock.advance(10_000);
  expect(bot.texts()).toEqual([
    'incident',
    'another',
    expect.stringContaining('12 of 12'),
    expect.stringContaining('did not get'),
  ]);
  await bot.outbox.stop();
});

it('gives a letter up whose channel is gone, tells its owner why, and sends the alerts as before', async () => {
  const bot = await startOutbox();
  bot.placeOf('thread').break(DELETED);
  bot.outbox.put(letter('i.n1', 'one', THREAD));
  bot.outbox.put(letter('i.n2', 'two', THREAD));
  await bot.settle();
  bot.outbox.put(letter('critical.1', 'critical', CRITICAL));
  await bot.settle();
  expect(bot.givenUp.map(({ id, channel, reason }) => [id, channel, reason])).toEqual([
    ['i.n1', 'thread', 'Discord answers 404: Unknown Channel'],
    ['i.n2', 'thread', 'Discord answers 404: Unknown Channel'],
  ]);
  expect(bot.texts()).toEqual(['critical']);
  expect(bot.outbox.has('i.n1')).toBe(false);
  expect(bot.outbox.health()).toMatchObject({ failingSince: null, silentSince: null });
  await bot.outbox.stop();
});

it('lets be what stands in a thread that refuses an edit, and gives up only what lacks something there', async () => {
  const bot = await startOutbox();
  const whole = letter('i.n1', 'one', { channel: 'thread' });
  bot.outbox.put(whole);
  bot.outbox.put(letter('i.n2', 'two', { channel: 'thread' }));
  await bot.clock.advance(1_000);
  await bot.outbox.stop();
  const after = await bot.restart();
  // Edited all the same: an edit of the process before might still have come.
  after.put({ ...whole, final: true });
  bot.placeOf('thread').break(DELETED);
  await bot.clock.advance(20_000);
  expect([after.has('i.n1'), bot.givenUp]).toEqual([false, []]);
  after.put(letter('i.n2', 'two and more', { channel: 'thread' }));
  await bot.clock.advance(60_000);
  expect(bot.givenUp.map(({ id }) => id)).toEqual(['i.n2']);
  await after.stop();
});

it('lets its owner write down what takes a letter’s place before it is forgotten', async () => {
  const bot = await startOutbox();
  bot.placeOf('thread').break(DELETED);
  bot.whenGivenUp((outbox) => outbox.put(letter('i.c1', 'one', { single: true })));
  bot.outbox.put(letter('i.n1', 'one', THREAD));
  await bot.clock.advance(1_000);
  expect(bot.journal.types()).toEqual(['queued', 'queued', 'closed', 'posted']);
  await bot.outbox.stop();
});

it('does not take the fallback for what only another channel refuses', async () => {
  const told: unknown[] = [];
  const fallback = { send: async (message: unknown) => (told.push(message), DOWN) };
  const bot = await startOutbox({ fallback });
  bot.placeOf('thread').break({ kind: 'unauthorised', reason: '401' });
  bot.channel.break(DOWN);
  bot.outbox.put(letter('i.n1', 'one', THREAD));
  bot.outbox.put(letter('a.1', 'alert', CRITICAL));
  await bot.clock.advance(60_000);
  expect(told).toEqual([]);
  bot.channel.break(null);
  await bot.outbox.stop();
});

it('does not edit a message for nothing but that its state is the last one', async () => {
  const bot = await startOutbox();
  bot.outbox.put(letter('i.n1', 'one', { channel: 'thread' }));
  await bot.clock.advance(10_000);
  const last = letter('i.n1', 'one', { channel: 'thread' });
  bot.outbox.put({ ...last, final: true });
  await bot.clock.advance(10_000);
  expect([bot.placeOf('thread').story(), bot.outbox.open()]).toEqual([['post one'], []]);
  await bot.outbox.stop();
});

it('does not end the alert channel’s outage by what arrives elsewhere', async () => {
  const bot = await startOutbox();
  const begin = bot.clock.now();
  bot.channel.break({ kind: 'refused', reason: '403', of: 'channel' });
  bot.outbox.put(letter('critical.1', 'critical', CRITICAL));
  await bot.clock.advance(1_000);
  bot.outbox.put(letter('i.n1', 'one', THREAD));
  await bot.settle();
  expect(bot.placeOf('thread').texts()).toEqual(['one']);
  expect(bot.outbox.health()).toMatchObject({ silentSince: begin, reason: '403' });
  await bot.outbox.stop();
});

it('a rate limit of a thread holds that thread only; one of the bot holds all', async () => {
  const bot = await startOutbox();
  const limited = (of: 'channel' | 'global') =>
    ({ kind: 'failed', reason: 'rate limited', retryAfterMs: 4_000, limited: of }) as const;
  bot.placeOf('thread').troubles.post.push(limited('channel'), limited('global'));
  bot.outbox.put(letter('i.n1', 'one', THREAD));
  await bot.settle();
  bot.outbox.put(letter('a.1', 'first', CRITICAL));
  await bot.settle();
  expect(bot.texts()).toEqual(['first']);
  await bot.clock.advance(4_000);
  bot.outbox.put(letter('b.1', 'second', CRITICAL));
  await bot.clock.advance(3_999);
  expect(bot.texts()).toEqual(['first']);
  await bot.clock.advance(1);
  expect([bot.texts(), bot.placeOf('thread').texts()]).toEqual([['first', 'second'], ['one']]);
  await bot.outbox.stop();
});

it('finds an uncertain post in its own channel by the letter’s own id', async () => {
  const bot = await startOutbox();
  const thread = bot.placeOf('thread');
  thread.troubles.post.push({ kind: 'uncertain', reason: 'no answer', stored: true });
  bot.outbox.put(letter('i.n1', 'one', THREAD));
  await bot.settle();
  await bot.outbox.stop();
  thread.break(DOWN);
  await bot.clock.advance(200_000);
  thread.break(null);
  const after = await bot.restart();
  await bot.clock.advance(20_000);
  expect([thread.texts(), thread.story()]).toEqual([['one'], expect.arrayContaining(['find i.n1'])]);
  await after.stop();
});

it('does not send a single letter through the fallback', async () => {
  const told: unknown[] = [];
  const fallback = {
    send: async (message: unknown) => (told.push(message), { kind: 'delivered', messageId: 'x' } as const),
  };
  const bot = await startOutbox({ fallback });
  bot.channel.break({ kind: 'refused', reason: '403', of: 'channel' });
  bot.outbox.put(letter('i.summary', 'incident', { single: true }));
  bot.outbox.put(letter('a.1', 'alert'));
  await bot.clock.advance(30_000);
  expect(told).toMatchObject([{ content: 'alert' }]);
  await bot.outbox.stop();
});

it('says where a letter stands, also after a restart', async () => {
  const bot = await startOutbox();
  bot.outbox.put(letter('i.summary', 'incident', { single: true }));
  expect(bot.outbox.messageOf('i.summary')).toBe(null);
  await bot.settle();
  expect(bot.posted).toEqual(['i.summary m1']);
  const after = await bot.restart();
  expect(after.messageOf('i.summary')).toBe('m1');
  await Promise.all([bot.outbox.stop(), after.stop()]);
});

it('serves many channels one after the other, and forgets each when nothing is left for it', async () => {
  const bot = await startOutbox();
  const idle = bot.clock.sleeping().length;
  for (let n = 0; n < 20; n += 1) {
    bot.outbox.put(letter(`i${n}.n1`, 'one', { channel: `thread-${n}`, final: true }));
    await bot.clock.advance(1_000);
  }
  expect(bot.clock.sleeping().length).toBeLessThan(idle + 3);
  await bot.outbox.stop();
});
