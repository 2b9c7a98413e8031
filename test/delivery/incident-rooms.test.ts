import { expect, it } from 'vitest';
import type { TimelineFact } from '../../src/incidents/timeline.ts';
import { note, startRooms } from './start-rooms.ts';

const OPENED: TimelineFact = { type: 'opened', title: 'main is full', cause: null, databases: ['main'] };
const COMMANDER: TimelineFact = { type: 'commander', member: '7' };
const CLOSED: TimelineFact = { type: 'closed', severity: 'high', impact: 'site' };
const DOWN = { kind: 'failed', reason: 'ECONNREFUSED', retryAfterMs: 0 } as const;
const FORBIDDEN = { kind: 'refused', reason: 'Missing Permissions' } as const;
const DELETED = { kind: 'refused', reason: 'Unknown Channel', of: 'channel' } as const;
const MINUTE = 60_000;

it('posts the summary, pins it, starts the thread from it, and tells there what came before as one message', async () => {
  const bot = await startRooms();
  bot.say(OPENED);
  bot.say(COMMANDER);
  bot.say(note('one'));
  await bot.settle();
  expect(bot.place('alerts').texts()).toEqual(['open']);
  expect(bot.done.toSorted()).toEqual(['pin m1', 'thread m1']);
  expect(bot.place('m1').texts()).toEqual(['commander + one']);
  expect(bot.facts()).toEqual(expect.arrayContaining(['thread', 'pin']));
  await bot.stop();
});

it('tells each event once in the thread, over restarts too', async () => {
  const bot = await startRooms();
  bot.say(OPENED);
  for (let n = 0; n < 6; n += 1) {
    bot.say(note(`note ${n}`));
    await bot.clock.advance(5_000);
    if (n % 2 === 1) await bot.restart();
    await bot.clock.advance(40_000);
  }
  expect(bot.place('m1').texts()).toEqual(['note 0', 'note 1', 'note 2', 'note 3', 'note 4', 'note 5']);
  expect(bot.place('alerts').texts()).toEqual(['open']);
  expect(bot.done.toSorted()).toEqual(['pin m1', 'thread m1']);
  await bot.stop();
});

it('posts a narration with one request', async () => {
  const bot = await startRooms();
  bot.say(OPENED);
  bot.say(note('one'));
  await bot.clock.advance(MINUTE);
  expect(bot.place('m1').story()).toEqual(['post one']);
  expect(bot.outbox().open()).toEqual(['20201211-1324.summary']);
  await bot.stop();
});

it('tells acts, notes and the closing in the alert channel where threads are forbidden, and says so', async () => {
  const bot = await startRooms();
  bot.outcomes.thread.push(FORBIDDEN);
  bot.say(OPENED);
  bot.say(COMMANDER);
  bot.say(note('one'));
  await bot.clock.advance(MINUTE);
  const act = { type: 'act', act: 'kill-stale', database: 'main', confirmation: 'c', summary: 's' } as const;
  for (const stage of ['previewed', 'confirmed', 'done'] as const) bot.say({ ...act, stage });
  await bot.clock.advance(MINUTE);
  bot.say(CLOSED, '7');
  await bot.clock.advance(MINUTE);
  expect(bot.incident().thread).toEqual({ channelId: null, refused: 'Missing Permissions' });
  expect(bot.place('alerts').texts()).toEqual([
    'closed',
    'one + no thread: Missing Permissions',
    'kill-stale done',
    'closed',
  ]);
  await bot.stop();
});

it('goes on without a pin where pinning is forbidden, and records why', async () => {
  const bot = await startRooms();
  bot.outcomes.pin.push(FORBIDDEN);
  bot.say(OPENED);
  await bot.settle();
  bot.say(note('one'));
  await bot.clock.advance(MINUTE);
  expect(bot.incident().pin).toEqual({ refused: 'Missing Permissions' });
  expect(bot.place('m1').texts().join(' + ')).toBe('no pin: Missing Permissions + one');
  await bot.restart();
  await bot.clock.advance(MINUTE);
  expect(bot.done.filter((act) => act.startsWith('pin'))).toEqual(['pin m1']);
  await bot.stop();
});

it('goes on in the alert channel when the thread is deleted in the middle, over a restart too', async () => {
  const bot = await startRooms();
  bot.say(OPENED);
  await bot.settle();
  bot.place('m1').break(DELETED);
  bot.say(COMMANDER);
  bot.say(note('one'));
  await bot.clock.advance(MINUTE);
  expect(bot.incident().thread).toEqual({ channelId: null, refused: 'Unknown Channel' });
  await bot.restart();
  bot.say(note('two'));
  await bot.clock.advance(MINUTE);
  expect(bot.place('alerts').texts().join(' + ')).toBe('open + one + no thread: Unknown Channel + two');
  expect(bot.done.filter((act) => act.startsWith('thread'))).toEqual(['thread m1']);
  await bot.stop();
});

it('tells what a deleted thread did not take, though the bot dies before it knows that', async () => {
  const bot = await startRooms();
  bot.say(OPENED);
  await bot.settle();
  bot.place('m1').break('hang');
  bot.say(note('one'));
  await bot.settle();
  bot.place('m1').break(DELETED);
  await bot.restart();
  await bot.clock.advance(MINUTE);
  expect(bot.place('alerts').texts().join(' + ')).toBe('open + one + no thread: Unknown Channel');
  await bot.stop();
});

it('starts the thread after a restart between the post and the thread', async () => {
  const bot = await startRooms();
  bot.outcomes.thread.push('hang');
  bot.say(OPENED);
  bot.say(note('one'));
  await bot.settle();
  await bot.restart();
  await bot.clock.advance(MINUTE);
  expect(bot.done.filter((act) => act.startsWith('thread'))).toEqual(['thread m1', 'thread m1']);
  expect([bot.place('alerts').texts(), bot.place('m1').texts()]).toEqual([['open'], ['one']]);
  await bot.stop();
});

it('opens an incident through an outage: what happened meanwhile comes in order, in a few messages', async () => {
  const bot = await startRooms();
  bot.place('alerts').break(DOWN);
  bot.outcomes.thread.push(DOWN, DOWN, DOWN);
  bot.say(OPENED);
  for (let n = 0; n < 25; n += 1) {
    bot.say(note(`n${n}`));
    await bot.clock.advance(10_000);
  }
  bot.place('alerts').break(null);
  await bot.clock.advance(MINUTE);
  expect(bot.done.filter((act) => act.startsWith('thread')).length).toBe(4);
  const told = bot.place('m1').texts();
  expect(told.join(' + ')).toBe(Array.from({ length: 25 }, (_, n) => `n${n}`).join(' + '));
  expect(told.length).toBe(3);
  expect(bot.place('alerts').texts()[0]).toBe('open');
  await bot.stop();
});

it('does not pin what was over before it could be posted', async () => {
  const bot = await startRooms();
  bot.place('alerts').break(DOWN);
  bot.say(OPENED);
  bot.say(CLOSED, '7');
  await bot.clock.advance(MINUTE);
  bot.place('alerts').break(null);
  await bot.clock.advance(MINUTE);
  expect([bot.done, bot.place('m1').texts()]).toEqual([['thread m1'], ['closed']]);
  await bot.stop();
});

it('says once that its thread is gone, however much waited for it', async () => {
  const bot = await startRooms();
  bot.say(OPENED);
  await bot.settle();
  bot.place('m1').break(DOWN);
  for (let n = 0; n < 25; n += 1) bot.say(note(`n${n}`));
  await bot.clock.advance(10_000);
  bot.place('m1').break(DELETED);
  await bot.clock.advance(MINUTE);
  expect(bot.facts().filter((fact) => fact.startsWith('no thread')).length).toBe(1);
  const told = bot.place('alerts').texts().slice(1).join(' + ').split(' + ');
  expect(told.toSorted()).toEqual(
    [...Array.from({ length: 25 }, (_, n) => `n${n}`), 'no thread: Unknown Channel'].toSorted(),
  );
  await bot.stop();
});

it('waits as long as Discord asks before it tries a thread again', async () => {
  const bot = await startRooms();
  bot.outcomes.thread.push({ kind: 'failed', reason: 'limited', retryAfterMs: 40_000 });
  bot.say(OPENED);
  await bot.clock.advance(39_999);
  expect(bot.done.filter((act) => act === 'thread m1').length).toBe(1);
  await bot.clock.advance(1);
  expect(bot.incident().thread).toEqual({ channelId: 'm1', refused: null });
  await bot.stop();
});

it('unpins after a restart what the process before did not get to', async () => {
  const bot = await startRooms();
  bot.outcomes.unpin.push('hang');
  bot.say(OPENED);
  await bot.settle();
  bot.say(CLOSED, '7');
  await bot.clock.advance(21 * MINUTE);
  await bot.restart();
  await bot.clock.advance(MINUTE);
  expect(bot.done.filter((act) => act === 'unpin m1').length).toBe(2);
  expect(bot.outbox().open()).toEqual([]);
  await bot.stop();
});

it('posts the summary anew, and tells nothing twice, when the outbox was lost', async () => {
  const bot = await startRooms();
  bot.say(OPENED);
  bot.say(note('one'));
  await bot.clock.advance(MINUTE);
  await bot.journal.journal.compact([]);
  await bot.restart();
  bot.say(note('two'));
  await bot.clock.advance(MINUTE);
  expect([bot.place('alerts').texts(), bot.place('m1').texts()]).toEqual([
    ['open', 'open'],
    ['one', 'two'],
  ]);
  await bot.stop();
});

it('says the last word, and unpins, when it can no longer be opened again', async () => {
  const bot = await startRooms();
  bot.say(OPENED);
  await bot.settle();
  bot.say(CLOSED, '7');
  await bot.clock.advance(14 * MINUTE);
  bot.say({ type: 'reopened', cause: 'x' });
  await bot.clock.advance(30 * MINUTE);
  expect([bot.place('alerts').texts(), bot.done.includes('unpin m1')]).toEqual([['open'], false]);
  bot.say(CLOSED, '7');
  await bot.clock.advance(10 * MINUTE);
  await bot.restart();
  expect(bot.outbox().has('20201211-1324.summary')).toBe(true);
  await bot.clock.advance(11 * MINUTE);
  expect([bot.place('alerts').texts(), bot.done.filter((act) => act === 'unpin m1')]).toEqual([
    ['closed'],
    ['unpin m1'],
  ]);
  expect(bot.outbox().open()).toEqual([]);
  await bot.stop();
});

it('does not post an incident again that was over in a former life', async () => {
  const bot = await startRooms();
  bot.say(OPENED);
  await bot.settle();
  bot.say(CLOSED, '7');
  await bot.clock.advance(30 * MINUTE);
  await bot.clock.advance(48 * 60 * MINUTE);
  await bot.restart();
  await bot.clock.advance(MINUTE);
  expect([bot.place('alerts').texts(), bot.place('m1').texts()]).toEqual([['closed'], ['closed']]);
  expect(bot.rooms().isThread('m1')).toBe(true);
  await bot.stop();
});

it('knows its threads from other channels', async () => {
  const bot = await startRooms();
  bot.say(OPENED);
  await bot.settle();
  expect([bot.rooms().isThread('m1'), bot.rooms().isThread('alerts')]).toEqual([true, false]);
  await bot.stop();
});
