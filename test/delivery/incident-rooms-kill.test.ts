import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Trouble } from './fake-channel.ts';
import { note, type Rooms, startRooms } from './start-rooms.ts';

const TROUBLES: readonly Trouble[] = [
  'hang',
  { kind: 'failed', reason: 'ECONNREFUSED', retryAfterMs: 0 },
  { kind: 'uncertain', reason: 'no answer', stored: true },
  { kind: 'uncertain', reason: 'no answer' },
  { kind: 'failed', reason: 'limited', retryAfterMs: 2_000, limited: 'channel' },
];

type Step =
  | { readonly kind: 'note' | 'restart' }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'trouble'; readonly where: 'alerts' | 'm1'; readonly trouble: Trouble }
  | { readonly kind: 'act'; readonly act: 'thread' | 'pin'; readonly hangs: boolean };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ kind: 'note' as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'restart' as const }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(0, 300, 3_000, 20_000) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('trouble' as const),
      where: fc.constantFrom('alerts' as const, 'm1' as const),
      trouble: fc.constantFrom(...TROUBLES),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('act' as const),
      act: fc.constantFrom('thread' as const, 'pin' as const),
      hangs: fc.boolean(),
    }),
  },
);

async function play(bot: Rooms, one: Step): Promise<void> {
  switch (one.kind) {
    case 'note':
      return bot.say(note(`note ${bot.facts().filter((fact) => fact.startsWith('note')).length}.`));
    case 'restart':
      return bot.restart();
    case 'wait':
      return bot.clock.advance(one.ms);
    case 'trouble':
      return void bot.place(one.where).troubles.post.push(one.trouble);
    case 'act':
      return void bot.outcomes[one.act].push(one.hangs ? 'hang' : { kind: 'failed', reason: '502' });
  }
}

it('tells each event once and in order, whenever the bot is killed and whatever Discord answers', {
  timeout: 60_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 25 }), async (steps) => {
      const bot = await startRooms();
      bot.say({ type: 'opened', title: 'main is full', cause: null, databases: ['main'] });
      for (const one of steps) await play(bot, one);
      for (const place of ['alerts', 'm1']) bot.place(place).troubles.post.length = 0;
      Object.assign(bot.outcomes, { thread: [], pin: [] });
      await bot.restart();
      await bot.clock.advance(60_000);
      const notes = bot.facts().filter((fact) => fact.startsWith('note'));
      expect(bot.place('alerts').texts()).toEqual(['open']);
      expect(
        bot
          .place('m1')
          .texts()
          .flatMap((text) => text.split(' + ')),
      ).toEqual(notes);
      expect(bot.incident().thread).toEqual({ channelId: 'm1', refused: null });
      await bot.stop();
    }),
    { numRuns: 60 },
  );
});
