import { describe, expect, it } from 'vitest';
import type { RecoveryRun, StepProgress, StopReason } from '../../src/recovery/run.ts';
import { viewRun } from '../../src/recovery/view-run.ts';
import { NOW } from '../support/builders.ts';
import { progress, runOf } from '../support/recovery-builders.ts';
import { createToyWorld, toyCatalogue, toyPlan } from '../support/toy-recovery.ts';

const CATALOGUES = {
  steps: toyCatalogue(createToyWorld()),
  strategies: [{ name: 'restart', summary: 'Restarts it.', impact: 'It is away.' }],
} as const;
const STEPS = ['hold:site', 'hold:bot', 'switch:a', 'optional:b', 'free:bot', 'free:site'];

/** Each step in its state, in the order of STEPS; what is left out waits. */
function run(states: readonly StepProgress['state'][], parts: Partial<RecoveryRun> = {}): RecoveryRun {
  const steps = STEPS.map((id, index) => {
    const state = states[index] ?? 'waiting';
    return progress(id, { state, attempts: state === 'waiting' || state === 'skipped' ? 0 : 1 });
  });
  return runOf({ plan: toyPlan(STEPS), steps, ...parts });
}

const stopped = (why: StopReason): Partial<RecoveryRun> => ({ state: { kind: 'stopped', at: NOW, why } });
const failedAt = (step: string) => stopped({ kind: 'failed', step, reason: 'x' });
const view = (of: RecoveryRun, observed?: readonly string[]) => viewRun(of, CATALOGUES, NOW, observed);

describe('a run as its messages say it', () => {
  it('has the words of its strategy and of its steps, and what was true', () => {
    const diagnosis = { condition: 'hung', headline: 'it hangs', advice: { kind: 'wait' }, reasons: [] } as never;
    const seen = view(run([], { diagnosis }), ['it is well']);
    expect(seen).toMatchObject({ summary: 'Restarts it.', impact: 'It is away.', now: NOW, before: 'it hangs' });
    expect(seen.observed).toEqual(['it is well']);
    expect(seen.steps.map(({ title }) => title)).toEqual([
      'Turn site on',
      'Turn bot on',
      'Turn a on',
      'Turn b on',
      'Free bot',
      'Free site',
    ]);
  });

  it('makes nothing up where the version does not know its strategy', () => {
    const seen = viewRun(run([]), { ...CATALOGUES, strategies: [] }, NOW);
    expect(seen).toMatchObject({ summary: '', impact: '', before: null, observed: [] });
  });

  it.each<[string, RecoveryRun, string | null]>([
    [
      'where it failed at a step that may be',
      run(['done', 'done', 'done', 'failed'], failedAt('optional:b')),
      'It stays off.',
    ],
    ['not at one that may not', run(['done', 'done', 'failed'], failedAt('switch:a')), null],
    [
      'not while it is undone',
      run(['done', 'done', 'done', 'failed'], { ...failedAt('optional:b'), mode: 'undo' }),
      null,
    ],
    ['not where it was interrupted', run(['done'], stopped({ kind: 'interrupted' })), null],
    ['not while it runs', run(['done'], { state: { kind: 'running', abortAsked: null } }), null],
    ['not of a step that it does not have', run([], failedAt('optional:z')), null],
  ])('offers to leave a step out %s', (_, given, skip) => {
    expect(view(given).skip).toBe(skip);
  });

  it('tells how to take back by hand, while that is what it does', () => {
    const given = { ...run(['done', 'done', 'unknown', 'undone'], failedAt('switch:a')), mode: 'undo' } as const;
    expect(view(given).byHand.map(({ title }) => title)).toEqual(['Turn a off', 'Turn bot off', 'Turn site off']);
  });

  it('says who is held, in the order in which they are let in, and what an undo takes back first', () => {
    const seen = view(run(['done', 'done', 'failed'], failedAt('switch:a')));
    expect(seen.held).toEqual(['bot', 'site']);
    expect(seen.undo.map(({ title }) => title)).toEqual(['Turn a off', 'Turn bot off', 'Turn site off']);
  });

  it('says nobody is held whom it let in, or never held', () => {
    expect(view(run([])).held).toEqual([]);
    expect(view(run(['done', 'undone', 'failed'], failedAt('switch:a'))).held).toEqual(['site']);
    expect(view(run(['done', 'done', 'done', 'done', 'done', 'done'])).held).toEqual([]);
  });

  it('says how to go on by hand with what is left, the failed step first, and never what is done', () => {
    const seen = view(run(['done', 'undone', 'failed', 'skipped'], failedAt('switch:a')));
    expect(seen.byHand.map(({ step }) => step.id)).toEqual(['switch:a', 'free:bot', 'free:site']);
    expect(seen.byHand[0]?.commands).toEqual([{ say: 'By hand.', run: 'turn-on a' }]);
  });
});
