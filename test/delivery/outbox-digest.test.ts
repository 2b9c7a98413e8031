import { expect, it } from 'vitest';
import { COLOURS } from '../../src/render/message.ts';
import { letter, startOutbox } from './start-outbox.ts';

type Bot = Awaited<ReturnType<typeof startOutbox>>;

function putAll({ outbox }: Pick<Bot, 'outbox'>, count: number, text: string, parts = {}): void {
  for (let n = 0; n < count; n += 1) outbox.put(letter(`w${n}.1`, `${text} ${n}`, parts));
}

it('posts ten waiting warnings one by one', async () => {
  const bot = await startOutbox();
  putAll(bot, 10, 'warning');
  await bot.clock.advance(20_000);
  expect(bot.standing.length).toBe(10);
  await bot.outbox.stop();
});

it('makes one digest of more than ten waiting warnings', async () => {
  const bot = await startOutbox();
  putAll(bot, 200, 'warning');
  await bot.clock.advance(20_000);
  expect(bot.standing.map(({ message }) => message.embed?.title)).toEqual(['🟠 firing: 200 of 200 alerts']);
  const [digest] = bot.standing;
  expect(digest?.message.embed?.description).toContain('warning 0');
  expect(digest?.message.embed?.description).toMatch(/… and \d+ more$/);
  expect(digest?.message.buttons?.map(({ id }) => id)).toEqual([expect.stringMatching(/^alert\.list:show:digest\./)]);
  await bot.outbox.stop();
});

it('counts neither critical alerts nor what is over', async () => {
  const bot = await startOutbox();
  putAll(bot, 10, 'warning');
  for (let n = 0; n < 5; n += 1) bot.outbox.put(letter(`c${n}.1`, `critical ${n}`, { lane: 'critical' }));
  bot.outbox.put(letter('over.1', 'over', { final: true }));
  await bot.clock.advance(25_000);
  expect(bot.standing.length).toBe(16);
  await bot.outbox.stop();
});

it('edits the digest as its alerts change, and closes it green when all are over', async () => {
  const bot = await startOutbox();
  putAll(bot, 11, 'warning');
  await bot.clock.advance(3_000);
  bot.outbox.put(letter('w3.1', 'over', { final: true, urgent: true }));
  await bot.clock.advance(3_000);
  expect(bot.standing[0]?.message.embed).toMatchObject({
    title: '🟠 firing: 10 of 11 alerts',
    colour: COLOURS.warning,
    description: expect.stringContaining('🟢 over'),
  });
  putAll(bot, 11, 'over', { final: true, urgent: true });
  await bot.clock.advance(10_000);
  expect(bot.standing.length).toBe(1);
  expect(bot.standing[0]?.message.embed).toMatchObject({
    title: '🟢 resolved: all 11 alerts',
    colour: COLOURS.resolved,
  });
  expect(bot.outbox.open()).toEqual([]);
  await bot.outbox.stop();
});

it('coalesces a hundred changes of its alerts into the newest digest', async () => {
  const bot = await startOutbox();
  putAll(bot, 50, 'warning');
  await bot.clock.advance(1_000);
  putAll(bot, 50, 'newer');
  putAll(bot, 50, 'newest');
  await bot.clock.advance(2_000);
  expect(bot.sent.length).toBe(2);
  expect(bot.standing[0]?.message.embed?.description).toContain('newest 0');
  await bot.outbox.stop();
});

it('goes on with the same digest after a restart', async () => {
  const bot = await startOutbox();
  putAll(bot, 11, 'warning');
  await bot.clock.advance(1_000);
  await bot.outbox.stop();
  const after = await bot.restart();
  putAll({ outbox: after }, 11, 'over', { final: true });
  await bot.clock.advance(5_000);
  expect(bot.standing.map(({ message }) => message.embed?.title)).toEqual(['🟢 resolved: all 11 alerts']);
  await after.stop();
});

it('finds a digest of uncertain outcome by its footer', async () => {
  const bot = await startOutbox();
  bot.troubles.post.push({ kind: 'uncertain', reason: '502', stored: true }, 'hang');
  putAll(bot, 11, 'warning');
  await bot.clock.advance(130_000);
  const after = await bot.restart();
  await bot.clock.advance(5_000);
  expect(bot.standing.length).toBe(1);
  expect(after.waiting()).toBe(0);
  await after.stop();
});
