import { describe, expect, it } from 'vitest';
import { observeRun } from '../../src/recovery/observe-run.ts';
import type { RecoveryRun, StepProgress } from '../../src/recovery/run.ts';
import type { RecoveryStep, StepTools } from '../../src/recovery/step.ts';
import { planStep, progress, runOf } from '../support/recovery-builders.ts';
import { createToyWorld, toyCatalogue, toyPlan } from '../support/toy-recovery.ts';

const TOOLS = {} as StepTools;

/** A run that ended in the middle, each step in its state. */
function left(steps: Readonly<Record<string, StepProgress['state']>>, parts: Partial<RecoveryRun> = {}): RecoveryRun {
  return runOf({
    plan: toyPlan(Object.keys(steps)),
    steps: Object.entries(steps).map(([id, state]) => progress(id, { state })),
    ...parts,
  });
}

async function observe(run: RecoveryRun, world = createToyWorld(), kind: Partial<RecoveryStep> = {}) {
  const catalogue = new Map(toyCatalogue(world));
  const found = catalogue.get('switch');
  if (found) catalogue.set('switch', { ...found, ...kind });
  return observeRun(run, catalogue, TOOLS);
}

describe('what is true of a run that its bot left in the middle', () => {
  it('between two steps is how far it came', async () => {
    expect(await observe(left({ 'hold:site': 'done', 'switch:a': 'waiting' }))).toEqual([
      '1 of 2 steps were done when the bot ended, and none was under way.',
    ]);
  });

  it('changes nothing, and looks at the step alone that was under way', async () => {
    const world = createToyWorld();
    const looked: string[] = [];
    world.looked = (name) => looked.push(name);
    const said = await observe(left({ 'hold:site': 'done', 'switch:a': 'acting', 'switch:b': 'waiting' }), world);
    expect(said).toEqual(['1 of 3 steps were done when the bot ended.', expect.stringContaining('Turn a on')]);
    expect(looked).toEqual(['a']);
    expect(world.effects).toEqual([]);
  });

  it.each<[string, (world: ReturnType<typeof createToyWorld>) => void, string]>([
    ['done, as its verify says', ({ on }) => on.set('a', 1), 'it is done: it is on'],
    ['not done, as its check says', () => {}, 'it was not done, or not all of it: is off'],
    [
      'begun and not through',
      ({ check, verify }) => {
        check.set('a', { kind: 'acted', saw: 'scaled' });
        verify.set('a', { kind: 'waiting', saw: '1 pod is left' });
      },
      'it was begun, and is not through: 1 pod is left',
    ],
    [
      'not to be gone on with',
      ({ check }) => check.set('a', { kind: 'blocked', saw: 'a second server is there' }),
      'it cannot go on: a second server is there',
    ],
    [
      'unknown, and never said to be done or not',
      ({ check }) => check.set('a', { kind: 'unknown', saw: 'the API server is away' }),
      'what became of it is unknown: the API server is away',
    ],
  ])('is %s', async (_, change, words) => {
    const world = createToyWorld();
    change(world);
    expect((await observe(left({ 'switch:a': 'acting' }), world))[1]).toBe(`Turn a on: ${words}`);
  });

  it('of one that verifies by writing is not asked: that would change something', async () => {
    const verify = () => Promise.reject(new Error('it writes'));
    const said = await observe(left({ 'switch:a': 'acting' }), createToyWorld(), { verifiesByWriting: true, verify });
    expect(said[1]).toBe('Turn a on: whether it is so is asked again when it goes on.');
  });

  it('of one that was being taken back is asked of what takes it back', async () => {
    const world = createToyWorld();
    world.on.set('a', 1);
    const said = await observe(left({ 'switch:a': 'acting' }, { mode: 'undo' }), world);
    expect(said[1]).toBe('Turn a on: it was not done, or not all of it: is on');
  });

  it.each([
    ['a kind that this version does not know', planStep('later-version')],
    ['params of another version', planStep('switch:a', { kind: 'switch', params: { named: 'a' } })],
  ])('cannot be told of %s', async (_, step) => {
    const plan = { ...toyPlan([]), steps: [step] };
    const run = runOf({ plan, steps: [progress(step.id, { state: 'acting' })] });
    expect((await observe(run))[1]).toBe(`${step.id}: this version cannot tell.`);
  });

  it('is asked with what was noted before it acted', async () => {
    const notes: unknown[] = [];
    const check: RecoveryStep['check'] = async (call) => {
      notes.push(call.own, call.noted('hold:site'), call.noted('nobody'));
      return { kind: 'acted', saw: '' };
    };
    const run = left({ 'hold:site': 'done', 'switch:a': 'acting' });
    const steps = run.steps.map((step) => ({ ...step, note: `noted at ${step.id}` }));
    await observe({ ...run, steps }, createToyWorld(), { check });
    expect(notes).toEqual(['noted at switch:a', 'noted at hold:site', null]);
  });
});
