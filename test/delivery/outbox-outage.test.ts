import { expect, it } from 'vitest';
import { timestamp } from '../../src/render/message.ts';
import { letter, startOutbox } from './start-outbox.ts';

const DOWN = { kind: 'failed', reason: 'ECONNREFUSED', retryAfterMs: 0 } as const;
const UNCERTAIN = { kind: 'uncertain', reason: 'no answer' } as const;
const OVER = { final: true, urgent: true } as const;

type Bot = Awaited<ReturnType<typeof startOutbox>>;
const notes = ({ standing }: Bot) =>
  standing.flatMap(({ message: { embed } }) => (embed?.footer?.startsWith('note') ? [embed.description ?? ''] : []));

it('posts what came and went as its last state when Discord is back within 30 s', async () => {
  const bot = await startOutbox();
  bot.channel.break(DOWN);
  bot.outbox.put(letter('a.1', 'firing'));
  await bot.clock.advance(10_000);
  bot.outbox.put(letter('a.1', 'resolved', OVER));
  await bot.clock.advance(10_000);
  bot.channel.break(null);
  await bot.clock.advance(60_000);
  expect(bot.texts()).toEqual(['resolved']);
  await bot.outbox.stop();
});

it('posts nothing stale late: a note says when it was blind, and what came and went', async () => {
  const bot = await startOutbox();
  const begin = bot.clock.now();
  bot.channel.break(DOWN);
  for (const name of ['a', 'b', 'c']) bot.outbox.put(letter(`${name}.1`, `firing ${name}`));
  bot.outbox.put(letter('d.1', 'still firing', { lane: 'critical' }));
  await bot.clock.advance(60_000);
  for (const name of ['a', 'b', 'c']) bot.outbox.put(letter(`${name}.1`, `over ${name}`, OVER));
  await bot.clock.advance(420_000);
  bot.outbox.put(letter('d.1', 'newest', { lane: 'critical' }));
  bot.channel.break(null);
  const back = bot.clock.now();
  await bot.clock.advance(60_000);
  expect(bot.texts().toSorted()).toEqual(['Messages did not get through for a while', 'newest']);
  const [note = ''] = notes(bot);
  expect(note).toContain(`Blind from ${timestamp(begin, 'T')}`);
  expect(note).toContain('3 alerts came and went unseen');
  for (const name of ['a', 'b', 'c']) expect(note).toContain(`over ${name}`);
  const to = Number(/to <t:(\d+):T>/.exec(note)?.[1]) * 1_000;
  expect(to).toBeGreaterThanOrEqual(back - 1_000);
  expect(bot.outbox.open()).toEqual(['d.1']);
  expect(bot.outbox.waiting()).toBe(0);
  await bot.outbox.stop();
});

it('tells an outage of 30 s or more though nothing came and went, and a shorter one not', async () => {
  const bot = await startOutbox();
  bot.outbox.put(letter('a.1', 'firing'));
  await bot.clock.advance(3_000);
  bot.channel.break(DOWN);
  bot.outbox.put(letter('a.1', 'worse'));
  await bot.clock.advance(20_000);
  bot.channel.break(null);
  await bot.clock.advance(60_000);
  expect(notes(bot)).toEqual([]);
  bot.channel.break(DOWN);
  bot.outbox.put(letter('a.1', 'worse still'));
  await bot.clock.advance(40_000);
  bot.channel.break(null);
  await bot.clock.advance(60_000);
  expect(notes(bot)).toEqual([expect.stringContaining('Nothing came and went')]);
  await bot.outbox.stop();
});

it('neither loses the note over a restart nor posts it twice', async () => {
  const bot = await startOutbox();
  bot.channel.break(DOWN);
  bot.outbox.put(letter('a.1', 'firing'));
  await bot.clock.advance(40_000);
  bot.outbox.put(letter('a.1', 'over', OVER));
  await bot.clock.advance(40_000);
  bot.channel.break('hang');
  await bot.clock.advance(40_000);
  await bot.clock.advance(150_000);
  bot.channel.break(null);
  const second = await bot.restart();
  bot.troubles.post.push({ ...UNCERTAIN, stored: true }, 'hang');
  await bot.clock.advance(150_000);
  const third = await bot.restart();
  await bot.clock.advance(60_000);
  expect(notes(bot)).toEqual([expect.stringContaining('over')]);
  expect(third.open()).toEqual([]);
  await third.stop();
  void second;
});

it('turns an uncertain post green whose alert resolved meanwhile, however late, when it stands there', async () => {
  const bot = await startOutbox();
  bot.troubles.post.push({ ...UNCERTAIN, stored: true });
  bot.outbox.put(letter('a.1', 'firing'));
  await bot.settle();
  bot.channel.break(DOWN);
  await bot.clock.advance(40_000);
  bot.outbox.put(letter('a.1', 'resolved', OVER));
  await bot.clock.advance(10_000);
  bot.channel.break(null);
  await bot.clock.advance(60_000);
  expect(bot.texts()).toEqual(['resolved', 'Messages did not get through for a while']);
  expect(notes(bot)).toEqual([expect.stringContaining('Nothing came and went')]);
  await bot.outbox.stop();
});

it('tells in the note what was uncertain and turns out not to stand there', async () => {
  const bot = await startOutbox();
  bot.channel.break(UNCERTAIN);
  bot.outbox.put(letter('a.1', 'firing'));
  await bot.clock.advance(40_000);
  bot.outbox.put(letter('a.1', 'over', OVER));
  bot.channel.break(null);
  await bot.clock.advance(60_000);
  expect(notes(bot)).toEqual([expect.stringContaining('over')]);
  expect(bot.standing.length).toBe(1);
  // Until then a post that was given up could still arrive, and tell it twice.
  const find = bot.sent.findIndex(({ kind }) => kind === 'find');
  expect(Number(bot.sent[find]?.at) - Number(bot.sent[find - 1]?.at)).toBeGreaterThanOrEqual(10_000);
  await bot.outbox.stop();
});

it('says in a note only what the journal holds, so that a crash cannot make it say it twice', async () => {
  const bot = await startOutbox();
  bot.channel.break(DOWN);
  bot.outbox.put(letter('a.1', 'firing a'));
  bot.outbox.put(letter('b.1', 'firing b', { lane: 'critical' }));
  await bot.clock.advance(40_000);
  bot.channel.break(null);
  const answered = Promise.withResolvers<void>();
  bot.troubles.post.push({ until: answered.promise });
  bot.outbox.put(letter('a.1', 'over a', OVER));
  await bot.settle();
  const release = bot.journal.hold();
  bot.outbox.put(letter('b.1', 'over b', { ...OVER, lane: 'critical' }));
  answered.resolve();
  await bot.settle();
  expect(notes(bot)).toEqual([expect.stringContaining('over a')]);
  expect(notes(bot).join()).not.toContain('over b');
  release();
  await bot.clock.advance(60_000);
  expect(notes(bot)).toEqual([expect.stringContaining('over b')]);
  expect(bot.outbox.open()).toEqual([]);
  await bot.outbox.stop();
});

it('tells a digest that was never posted, and is all over, in the note', async () => {
  const bot = await startOutbox();
  bot.channel.break(DOWN);
  for (let n = 0; n < 30; n += 1) bot.outbox.put(letter(`w${n}.1`, `warning ${n}`));
  await bot.clock.advance(40_000);
  for (let n = 0; n < 30; n += 1) bot.outbox.put(letter(`w${n}.1`, `over ${n}`, OVER));
  await bot.clock.advance(10_000);
  bot.channel.break(null);
  await bot.clock.advance(60_000);
  expect(notes(bot)).toEqual([expect.stringContaining('30 alerts came and went')]);
  expect(bot.standing.length).toBe(1);
  expect(bot.outbox.open()).toEqual([]);
  await bot.outbox.stop();
});
