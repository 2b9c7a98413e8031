import { expect, it } from 'vitest';
import type { Delivered } from '../../src/delivery/transport.ts';
import type { Message } from '../../src/render/message.ts';
import { letter, startOutbox } from './start-outbox.ts';

const UNAUTHORISED: Delivered = { kind: 'unauthorised', reason: '401' };
const FORBIDDEN: Delivered = { kind: 'refused', reason: '403', of: 'channel' };
const CRITICAL = { lane: 'critical', urgent: true, ping: true } as const;

async function start(answers: Delivered[] = []) {
  const told: Message[] = [];
  const fallback = {
    async send(message: Message): Promise<Delivered> {
      told.push(message);
      return answers.shift() ?? { kind: 'delivered', messageId: 'w1' };
    },
  };
  const bot = await startOutbox({ fallback });
  return { ...bot, told, texts: () => told.map(({ content }) => content) };
}

it.each([UNAUTHORISED, FORBIDDEN])(
  'tells through the fallback what has been refused for 10 s (%o), critical ones first',
  async (no) => {
    const bot = await start();
    bot.channel.break(no);
    bot.outbox.put(letter('w.1', 'warning'));
    bot.outbox.put(letter('c.1', 'critical', CRITICAL));
    await bot.clock.advance(9_999);
    expect(bot.texts()).toEqual([]);
    await bot.clock.advance(1_000);
    expect(bot.texts()).toEqual(['critical', 'warning']);
    await bot.outbox.stop();
  },
);

it('tells each once, over a restart too, and posts it without a second ping when the bot can again', async () => {
  const bot = await start();
  bot.channel.break(UNAUTHORISED);
  bot.outbox.put(letter('c.1', 'critical', CRITICAL));
  await bot.clock.advance(120_000);
  await bot.outbox.stop();
  const after = await bot.restart();
  await bot.clock.advance(120_000);
  expect(bot.texts()).toEqual(['critical']);
  bot.channel.break(null);
  await bot.clock.advance(60_000);
  expect(bot.sent.findLast(({ text }) => text === 'critical')).toMatchObject({ pings: 0 });
  expect(bot.channel.texts()).toContain('critical');
  await after.stop();
});

it('leaves what the bot can post itself to the bot', async () => {
  const bot = await start();
  bot.troubles.post.push(UNAUTHORISED);
  bot.outbox.put(letter('c.1', 'critical', CRITICAL));
  await bot.clock.advance(60_000);
  expect(bot.texts()).toEqual([]);
  expect(bot.channel.texts()).toEqual(['critical']);
  await bot.outbox.stop();
});

it('goes to the fallback at once when the gateway is said to be dead and the token is refused', async () => {
  const bot = await start();
  bot.channel.break(UNAUTHORISED);
  bot.outbox.gatewayDead('4004');
  bot.outbox.put(letter('c.1', 'critical', CRITICAL));
  await bot.clock.advance(1);
  expect(bot.texts()).toEqual(['critical']);
  await bot.outbox.stop();
});

it('sends a message that alone is refused through the fallback', async () => {
  const bot = await start();
  bot.troubles.post.push({ kind: 'refused', reason: '400', of: 'message' });
  bot.outbox.put(letter('bad.1', 'refused'));
  bot.outbox.put(letter('good.1', 'good'));
  await bot.clock.advance(11_000);
  expect(bot.texts()).toEqual(['refused']);
  await bot.outbox.stop();
});

it('does not storm a fallback that fails, and goes on until it takes the message', async () => {
  const bot = await start([
    { kind: 'failed', reason: 'rate limited', retryAfterMs: 20_000 },
    { kind: 'refused', reason: '404', of: 'message' },
  ]);
  bot.channel.break(UNAUTHORISED);
  bot.outbox.put(letter('c.1', 'critical', CRITICAL));
  await bot.clock.advance(29_000);
  expect(bot.told.length).toBe(1);
  await bot.clock.advance(2_000);
  expect(bot.told.length).toBe(2);
  await bot.clock.advance(60_000);
  expect(bot.told.length).toBe(3);
  await bot.outbox.stop();
});

it('repeats an uncertain message through the fallback once, and no more', async () => {
  const unsure: Delivered = { kind: 'uncertain', reason: 'no answer' };
  const bot = await start([unsure, unsure, unsure]);
  bot.channel.break(UNAUTHORISED);
  bot.outbox.put(letter('c.1', 'critical', CRITICAL));
  await bot.clock.advance(200_000);
  expect(bot.told.length).toBe(2);
  await bot.outbox.stop();
});
