import { expect, it } from 'vitest';
import { letter, startOutbox } from './start-outbox.ts';

const UNCERTAIN_STORED = { kind: 'uncertain', reason: 'no answer', stored: true } as const;
const UNCERTAIN = { kind: 'uncertain', reason: 'no answer' } as const;

it('writes the nonce down before the post', async () => {
  const { outbox, journal, settle, sent } = await startOutbox();
  const release = journal.hold();
  outbox.put(letter('a.1', 'one'));
  await settle();
  expect(sent).toEqual([]);
  release();
  await settle();
  expect(sent.map(({ nonce }) => nonce)).toEqual(['nonce-1']);
  expect(journal.types()).toEqual(['queued', 'posted']);
  await outbox.stop();
});

it('posts all the same when the journal does not answer', async () => {
  const { outbox, journal, clock, texts } = await startOutbox();
  journal.hold();
  outbox.put(letter('a.1', 'one'));
  await clock.advance(2_000);
  expect(texts()).toEqual(['one']);
});

it('uses the same nonce again after a crash within the minutes in which Discord knows it', async () => {
  const bot = await startOutbox();
  bot.troubles.post.push('hang');
  bot.outbox.put(letter('a.1', 'one'));
  await bot.settle();
  const after = await bot.restart();
  await bot.clock.advance(1_000);
  expect(bot.sent.map(({ kind, nonce }) => [kind, nonce])).toEqual([
    ['post', 'nonce-1'],
    ['post', 'nonce-1'],
    ['edit', undefined],
  ]);
  expect(bot.texts()).toEqual(['one']);
  await after.stop();
});

it('brings the message to its last state after a crash, though the owner says nothing', async () => {
  const bot = await startOutbox();
  bot.outbox.put(letter('a.1', 'firing'));
  await bot.settle();
  bot.troubles.edit.push('hang');
  bot.outbox.put(letter('a.1', 'resolved', { final: true, urgent: true }));
  await bot.settle();
  expect(bot.texts()).toEqual(['firing']);
  const after = await bot.restart();
  expect(after.open()).toEqual(['a.1']);
  await bot.clock.advance(3_000);
  expect(bot.texts()).toEqual(['resolved']);
  await bot.clock.advance(10_000);
  expect(after.open()).toEqual([]);
  await after.stop();
});

it('has the last word though an edit of the process before arrives after the restart', async () => {
  const bot = await startOutbox();
  bot.outbox.put(letter('a.1', 'firing'));
  await bot.settle();
  bot.troubles.edit.push({ lateMs: 5_000, answered: false });
  bot.outbox.put(letter('a.1', 'worse', { urgent: true }));
  await bot.settle();
  const after = await bot.restart();
  after.put(letter('a.1', 'resolved', { final: true, urgent: true }));
  await bot.clock.advance(15_000);
  expect(bot.texts()).toEqual(['resolved']);
  expect(after.open()).toEqual([]);
  await after.stop();
});

it('neither posts nor edits again what was delivered and finished before the restart', async () => {
  const bot = await startOutbox();
  bot.outbox.put(letter('a.1', 'resolved', { final: true }));
  await bot.clock.advance(1_000);
  await bot.outbox.stop();
  const after = await bot.restart();
  expect(after.has('a.1')).toBe(false);
  after.put(letter('a.1', 'resolved', { final: true }));
  await bot.clock.advance(10_000);
  expect(bot.story()).toEqual(['post resolved']);
  await after.stop();
});

it('keeps what a person deleted away over a restart', async () => {
  const bot = await startOutbox();
  bot.outbox.put(letter('a.1', 'one'));
  await bot.settle();
  bot.standing.length = 0;
  bot.outbox.put(letter('a.1', 'two', { urgent: true }));
  await bot.settle();
  await bot.outbox.stop();
  const after = await bot.restart();
  expect(after.has('a.1')).toBe(true);
  after.put(letter('a.1', 'three', { urgent: true }));
  await bot.clock.advance(10_000);
  expect(bot.standing).toEqual([]);
  await after.stop();
});

it('looks an uncertain post up in the channel once its nonce is too old to be trusted', async () => {
  const bot = await startOutbox();
  bot.troubles.post.push(UNCERTAIN_STORED);
  bot.outbox.put(letter('a.1', 'firing'));
  await bot.settle();
  bot.channel.break(UNCERTAIN);
  await bot.clock.advance(200_000);
  bot.channel.break(null);
  bot.outbox.put(letter('a.1', 'worse'));
  await bot.clock.advance(40_000);
  expect(bot.texts()).toEqual(['worse', expect.stringContaining('did not get through')]);
  expect(bot.story()).toContain('find a');
  await bot.outbox.stop();
});

it('looks up after a restart what was queued long ago, and posts it when it is not there', async () => {
  const bot = await startOutbox();
  bot.channel.break(UNCERTAIN);
  bot.outbox.put(letter('a.1', 'firing'));
  await bot.clock.advance(200_000);
  await bot.outbox.stop();
  bot.sent.length = 0;
  bot.channel.break(null);
  const after = await bot.restart();
  await bot.clock.advance(1_000);
  expect(bot.story()).toEqual(['find a', 'post firing']);
  await after.stop();
});

it('does not take the message of an earlier post of the same alert for a later one', async () => {
  const bot = await startOutbox();
  bot.outbox.put(letter('a.1', 'first'));
  await bot.settle();
  bot.outbox.put(letter('a.1', 'first is over', { final: true, urgent: true }));
  await bot.settle();
  bot.troubles.post.push('hang');
  bot.outbox.put(letter('a.2', 'again'));
  await bot.settle();
  await bot.clock.advance(130_000);
  const after = await bot.restart();
  await bot.clock.advance(5_000);
  expect(bot.texts()).toEqual(['first is over', 'again']);
  await after.stop();
});

it('posts again, and says so once, when the history may not be read: a duplicate beats silence', async () => {
  const bot = await startOutbox();
  bot.troubles.post.push('hang');
  bot.outbox.put(letter('a.1', 'firing'));
  await bot.clock.advance(130_000);
  bot.troubles.find.push(...Array.from({ length: 50 }, () => ({ kind: 'refused', reason: '403' }) as const));
  const after = await bot.restart();
  await bot.clock.advance(5_000);
  expect(bot.texts()).toEqual(['firing']);
  expect(bot.sent.filter(({ kind }) => kind === 'find').length).toBe(1);
  expect(bot.log.lines.filter(({ message }) => message.includes('history')).length).toBe(1);
  await after.stop();
});

it('waits when the look-up fails', async () => {
  const bot = await startOutbox();
  bot.troubles.post.push('hang');
  bot.outbox.put(letter('a.1', 'firing'));
  await bot.clock.advance(130_000);
  bot.troubles.find.push({ kind: 'failed', reason: '502', retryAfterMs: 3_000 });
  const after = await bot.restart();
  await bot.clock.advance(2_999);
  expect(bot.texts()).toEqual([]);
  await bot.clock.advance(1);
  expect(bot.texts()).toEqual(['firing']);
  await after.stop();
});

it('keeps events that it does not know, and does not act on them', async () => {
  const bot = await startOutbox();
  bot.journal.add({ type: 'pinned', version: 1, at: 1, data: { id: 'x' } });
  bot.journal.add({ type: 'queued', version: 2, at: 1, data: { id: 'y' } });
  bot.journal.add({ type: 'queued', version: 1, at: 1, data: { id: 7 } });
  const after = await bot.restart();
  expect(after.open()).toEqual([]);
  expect(bot.journal.events().map(({ type, version }) => [type, version])).toEqual([
    ['pinned', 1],
    ['queued', 2],
    ['queued', 1],
  ]);
  await after.stop();
});

it('begins with nothing, and says so, when the journal cannot be read', async () => {
  const bot = await startOutbox();
  bot.journal.break();
  const after = await bot.restart();
  after.put(letter('a.1', 'one'));
  await bot.settle();
  expect(bot.texts()).toEqual(['one']);
  expect(bot.log.lines.at(0)).toMatchObject({ level: 'error' });
  await after.stop();
});

it('keeps its stream short, and the same after a restart', async () => {
  const bot = await startOutbox({ tuning: { compactEvery: 20 } });
  for (let round = 0; round < 40; round += 1) {
    bot.outbox.put(letter('a.1', `state ${round}`));
    await bot.clock.advance(100);
  }
  expect(bot.journal.events().length).toBeLessThan(22);
  await bot.outbox.stop();
  const after = await bot.restart();
  await bot.clock.advance(3_000);
  expect(bot.texts()).toEqual(['state 39']);
  await after.stop();
});
