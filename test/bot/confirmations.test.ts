import { describe, expect, test } from 'vitest';
import { attendConfirmations, type Settled } from '../../src/bot-confirmations.ts';
import type { TimelineEvent } from '../../src/incidents/timeline.ts';
import type { Message } from '../../src/render/message.ts';
import { ADA, deskWorld, proposal } from '../confirmations/desk-world.ts';
import { settle } from '../support/manual-clock.ts';

const PLACE = { channelId: '100000000000000301', messageId: '100000000000000401' };
const FOUND: Settled = { outcome: { gone: 1 }, summary: '1 of 1 session is gone', figures: { gone: 1 } };

/** A bot's second life after `before`, whose Discord takes an edit when `takes` says so. */
async function secondLife(
  before: (desk: ReturnType<typeof deskWorld>['desk']) => Promise<unknown>,
  options: { readonly settle?: () => Promise<Settled>; readonly takes?: () => boolean } = {},
) {
  const world = deskWorld();
  await before(world.desk);
  const desk = world.start();
  const edits: { readonly channelId: string; readonly messageId: string; readonly message: Message }[] = [];
  const recorded: TimelineEvent[] = [];
  const attending = attendConfirmations({
    desk,
    settle: options.settle ?? (async () => FOUND),
    retell: async ({ state }) => ({ summary: `it is ${state.kind}`, message: { content: `it is ${state.kind}` } }),
    async editMessage(channelId, messageId, message) {
      edits.push({ channelId, messageId, message });
      return options.takes?.() ?? true;
    },
    recorder: {
      async record(event) {
        recorded.push(event);
      },
    },
    clock: world.clock,
    log: world.log,
  });
  await settle();
  return { ...world, desk, edits, recorded, attending };
}

async function showPreview(desk: ReturnType<typeof deskWorld>['desk']): Promise<void> {
  desk.standsAt((await desk.propose(proposal())).id, PLACE);
}

async function interrupt(desk: ReturnType<typeof deskWorld>['desk']): Promise<void> {
  const { id, hash } = await desk.propose(proposal());
  desk.standsAt(id, PLACE);
  await desk.claim(id, hash, ADA);
}

describe('previews', () => {
  test('that nobody confirmed are recorded as expired, once', async () => {
    const { clock, desk, recorded, edits } = await secondLife(async () => {});
    const { id } = await desk.propose(proposal());
    desk.standsAt(id, PLACE);
    await clock.advance(119_000);
    expect(recorded).toEqual([]);
    await clock.advance(10_000);
    expect(recorded).toEqual([
      {
        at: expect.any(Number),
        by: null,
        fact: {
          type: 'act',
          act: 'kill-stale',
          database: 'main',
          stage: 'expired',
          confirmation: id,
          summary: proposal().summary,
        },
      },
    ]);
    // Its own answer turns it into what has expired.
    expect(edits).toEqual([]);
  });

  test('of a former life lose their buttons where everybody sees them', async () => {
    const { clock, edits } = await secondLife(showPreview);
    await clock.advance(121_000);
    expect(edits).toMatchObject([{ ...PLACE, message: { embed: { title: 'main: expired, nothing was done' } } }]);
    expect(edits[0]?.message.buttons).toBeUndefined();
  });

  test('are edited as soon as Discord takes it', async () => {
    let away = true;
    const { clock, edits } = await secondLife(showPreview, { takes: () => !away });
    await clock.advance(121_000);
    away = false;
    await clock.advance(3_600_000);
    expect(edits).toHaveLength(2);
  });

  test('are left as they are, with a word in the log, when Discord does not take it for long', async () => {
    const { clock, edits, log } = await secondLife(showPreview, { takes: () => false });
    await clock.advance(3_600_000);
    expect(edits).toHaveLength(5);
    expect(log.text()).toContain('keeps its buttons');
  });
});

describe('what was over before its message said so', () => {
  async function finish(desk: ReturnType<typeof deskWorld>['desk']): Promise<void> {
    const { id, hash } = await desk.propose(proposal());
    desk.standsAt(id, PLACE);
    await desk.claim(id, hash, ADA);
    await desk.finish(id, {});
  }

  test('says so in the next life, and that is remembered', async () => {
    const { desk, edits, recorded, start } = await secondLife(finish);
    expect(edits).toEqual([{ ...PLACE, message: { content: 'it is done' } }]);
    expect(recorded).toMatchObject([{ by: ADA, fact: { stage: 'done', summary: 'it is done' } }]);
    await settle();
    expect([desk.looseEnds(), start().looseEnds()]).toEqual([[], []]);
  });

  test('says so as soon as Discord takes it', async () => {
    let away = true;
    const { clock, desk, edits } = await secondLife(finish, { takes: () => !away });
    expect(desk.looseEnds()).toMatchObject([{ recorded: true, told: false }]);
    away = false;
    await clock.advance(5_000);
    expect([edits.length, desk.looseEnds()]).toEqual([2, []]);
  });
});

describe('what was carried out when the bot died', () => {
  test('is settled by what the world says, recorded and told where it stood', async () => {
    const { desk, recorded, edits } = await secondLife(interrupt);
    expect(desk.interrupted()).toEqual([]);
    expect(recorded).toMatchObject([
      { by: null, fact: { stage: 'interrupted', summary: FOUND.summary, figures: FOUND.figures } },
    ]);
    expect(desk.find(recorded.map(({ fact }) => Object(fact).confirmation)[0])?.state).toMatchObject({
      kind: 'interrupted',
      by: ADA,
      outcome: FOUND.outcome,
    });
    expect(edits).toMatchObject([
      { ...PLACE, message: { embed: { description: expect.stringContaining(FOUND.summary) } } },
    ]);
  });

  test('is told as unknown when nobody can find out', async () => {
    const { desk, recorded, log } = await secondLife(interrupt, {
      settle: () => Promise.reject(new Error('a defect')),
    });
    expect(desk.interrupted()).toEqual([]);
    expect(recorded).toMatchObject([
      { fact: { stage: 'interrupted', summary: expect.stringContaining('could not be found out') } },
    ]);
    expect(log.text()).toContain('cannot be found out');
  });

  test('is left to the next life when this one ends first', async () => {
    const { desk, attending, clock, recorded } = await secondLife(interrupt, { settle: () => new Promise(() => {}) });
    const stopped = attending.stop();
    await clock.advance(2_000);
    await stopped;
    expect([desk.interrupted().length, recorded, clock.sleeping()]).toEqual([1, [], []]);
  });

  test('is not settled by an answer that comes after the end', async () => {
    const answer = Promise.withResolvers<Settled>();
    const { desk, attending, clock, recorded } = await secondLife(interrupt, { settle: () => answer.promise });
    const stopped = attending.stop();
    answer.resolve(FOUND);
    await clock.advance(0);
    await stopped;
    expect([desk.interrupted().length, recorded]).toEqual([1, []]);
  });
});
