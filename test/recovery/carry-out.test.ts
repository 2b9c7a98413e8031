import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/journal/journal.ts';
import { type CarryOutParts, carryOut } from '../../src/recovery/carry-out.ts';
import type { RunEvent } from '../../src/recovery/run-events.ts';
import type { RecoveryStep, Standing, StepTools } from '../../src/recovery/step.ts';
import { createRecordedLog } from '../support/recorded-log.ts';
import { progress, runOf } from '../support/recovery-builders.ts';
import { createJumpingClock, createToyWorld, toyCatalogue, toyPlan } from '../support/toy-recovery.ts';

/** One switch that is carried out alone. */
function start(kind: Partial<RecoveryStep> = {}, note: Json = null) {
  const world = createToyWorld();
  const catalogue = new Map(toyCatalogue(world));
  const found = catalogue.get('switch');
  if (found) catalogue.set('switch', { ...found, ...kind });
  const [step = { id: '', kind: '', params: {} }] = toyPlan(['switch:a']).steps;
  const clock = createJumpingClock();
  const ending = new AbortController();
  const recorded: RunEvent[] = [];
  const told: string[] = [];
  const parts: CarryOutParts = {
    catalogue,
    tools: {} as StepTools,
    async record(event) {
      recorded.push(event);
      return true;
    },
    tell: (_, saw) => told.push(saw),
    waitForNews: (ms) => clock.sleep(ms),
    signal: ending.signal,
    clock,
    log: createRecordedLog(),
  };
  const carry = (over: Partial<CarryOutParts> = {}, params: Json = step.params) => {
    const plan = { ...toyPlan([]), steps: [{ ...step, params }] };
    const run = runOf({ plan, steps: [progress('switch:a', { note })] });
    return carryOut(run, { step: { ...step, params }, way: 'do' }, { ...parts, ...over });
  };
  return { world, clock, ending, recorded, told, carry };
}

/** Answers the first so often, and the second from then on. */
function afterLooks(count: number, before: Standing, after: Standing) {
  let looks = 0;
  return {
    looks: () => looks,
    check: async (): Promise<Standing> => {
      looks += 1;
      return looks <= count ? before : after;
    },
  };
}

const BLIND: Standing = { kind: 'unknown', saw: 'the API server is away' };
const READY: Standing = { kind: 'ready', saw: 'is off' };

describe('what nobody can see for a moment', () => {
  it('is waited out, and told meanwhile', async () => {
    const { check, looks } = afterLooks(5, BLIND, READY);
    const { carry, world, told } = start({ check });
    expect(await carry()).toEqual({ kind: 'done' });
    expect(looks()).toBe(6);
    expect(told[0]).toBe('the API server is away');
    expect(world.effects).toEqual(['on a']);
  });

  it('is looked at for 15 s at most', async () => {
    const { check, looks } = afterLooks(16, BLIND, READY);
    const { carry, world } = start({ check });
    expect(await carry()).toEqual({ kind: 'unknown', reason: 'the API server is away' });
    expect(looks()).toBe(16);
    expect(world.effects).toEqual([]);
  });

  it('is not looked at any more once the bot ends', async () => {
    const { check, looks } = afterLooks(16, BLIND, READY);
    const { carry, ending } = start({ check });
    ending.abort();
    await carry();
    expect(looks()).toBe(1);
  });
});

describe('a step that waits', () => {
  const MINUTE_MS = 60_000;
  /** Waits for ever: with progress until `movesFor` is over. */
  function waits(movesFor: number) {
    const toy = start({
      deadlineMs: 30 * MINUTE_MS,
      stallsAfterMs: 5 * MINUTE_MS,
      check: async () => READY,
      verify: async () =>
        toy.clock.now() - began < movesFor
          ? { kind: 'waiting', saw: 'it recovers', progress: true }
          : { kind: 'waiting', saw: 'nobody answers' },
    });
    const began = toy.clock.now();
    return { ...toy, tookMinutes: () => Math.round((toy.clock.now() - began) / MINUTE_MS) };
  }

  it.each([
    [
      'fails when nothing has moved for as long as it may stall',
      0,
      5,
      /^no progress within 5 min; seen last: nobody answers/,
    ],
    [
      'counts that anew from the last progress',
      20 * MINUTE_MS,
      25,
      /^no progress within 5 min; seen last: nobody answers/,
    ],
    ['ends at its deadline, though it moves', 60 * MINUTE_MS, 30, /^not so within 30 min; seen last: it recovers/],
  ])('%s', async (_, movesFor, minutes, reason) => {
    const { carry, tookMinutes } = waits(movesFor);
    expect(await carry()).toMatchObject({ kind: 'failed', reason: expect.stringMatching(reason) });
    expect(tookMinutes()).toBe(minutes);
  });
});

it('a step whose act had no clear answer is done where that holds, and says both', async () => {
  const { carry, recorded } = start({
    check: async () => READY,
    act: async () => ({ kind: 'unknown', reason: 'The evidence was not kept.' }),
    verify: async () => ({ kind: 'holds', saw: 'it goes on' }),
  });
  expect(await carry()).toEqual({ kind: 'done' });
  expect(recorded.at(-1)).toMatchObject({
    data: { outcome: 'done', saw: 'The evidence was not kept. And then: it goes on' },
  });
});

it('a step acts and is verified by what it noted in an earlier attempt, where its check notes nothing now', async () => {
  const given: Json[] = [];
  const { carry, recorded } = start(
    {
      check: async () => READY,
      async act({ own }) {
        given.push(own);
        return { kind: 'done' };
      },
      async verify({ own }) {
        given.push(own);
        return { kind: 'holds', saw: '' };
      },
    },
    { uid: 'u' },
  );
  await carry();
  expect(given).toEqual([{ uid: 'u' }, { uid: 'u' }]);
  expect(recorded[0]).toMatchObject({ type: 'intent', data: { note: { uid: 'u' } } });
});

it('a step whose params are of another version is not begun', async () => {
  const { carry, recorded, world } = start();
  expect(await carry({}, { named: 'a' })).toMatchObject({ kind: 'failed', reason: /another version/ });
  expect(recorded.map(({ type }) => type)).toEqual(['result']);
  expect(world.effects).toEqual([]);
});

it('a step is not done whose result is not written down', async () => {
  const { carry } = start();
  expect(await carry({ record: async ({ type }) => type !== 'result' })).toEqual({ kind: 'unwritten' });
});
