import { describe, expect, it } from 'vitest';
import { describeEvent } from '../../src/incidents/describe-event.ts';
import { describeRunAct, type RunNews } from '../../src/operations/recovery-acts.ts';
import type { RecoveryRun, RunState } from '../../src/recovery/run.ts';
import { NOW } from '../support/builders.ts';
import { planOf, progress, REQUESTER, runOf, SECOND } from '../support/recovery-builders.ts';

const AT = NOW + 60_000;
const approval = { by: SECOND, at: NOW, how: 'second-person', reason: null } as const;
const glass = { by: REQUESTER, at: AT, how: 'broke-glass', reason: 'nobody answers' } as const;
const overridden = planOf({ overrides: [{ word: 'no backup', because: 'The last backup is 3 days old.' }] });

const say = (parts: Partial<RecoveryRun>, news: RunNews) => {
  const act = describeRunAct(runOf(parts), news);
  return act && [act.by, describeEvent(act)];
};

describe('a run reads well in a timeline', () => {
  it.each<[string, Partial<RecoveryRun>, RunNews, string | null]>([
    ['asked for restart on main: 3 steps, to be approved by somebody else', {}, { kind: 'requested' }, REQUESTER],
    ['approved restart on main: 3 steps', { approval }, { kind: 'approved' }, SECOND],
    [
      'approved restart on main: 3 steps, in spite of: The last backup is 3 days old.',
      { approval, plan: overridden },
      { kind: 'approved' },
      SECOND,
    ],
    [
      'broke the glass for restart on main: nobody answers (3 steps)',
      { approval: glass },
      { kind: 'approved' },
      REQUESTER,
    ],
    [
      'was refused restart on main: You asked for this.',
      {},
      { kind: 'refused', by: REQUESTER, at: AT, reason: 'You asked for this.' },
      REQUESTER,
    ],
    [
      'chose for restart on main: Retry Prove that it is gone',
      {},
      { kind: 'directed', by: SECOND, at: AT, what: 'Retry Prove that it is gone' },
      SECOND,
    ],
  ])('%s', (words, parts, news, by) => {
    expect(say(parts, news)).toEqual([by, words]);
  });

  const stopped = (why: Extract<RunState, { kind: 'stopped' }>['why']): RunState => ({ kind: 'stopped', at: AT, why });
  it.each<[string, RunState, string | null]>([
    ['cancelled restart on main: 3 steps', { kind: 'cancelled', by: SECOND, at: AT }, SECOND],
    ['restart on main expired: nobody approved it in time (3 steps)', { kind: 'expired', at: AT }, null],
    [
      'restart on main cancelled: the world had changed since it was shown, so a new plan took its place',
      { kind: 'superseded', at: AT, next: 'r2', reasons: [] },
      null,
    ],
    [
      'restart on main cancelled: the world had changed since it was shown, and no plan can be made of it: It is gone.',
      { kind: 'superseded', at: AT, next: null, reasons: ['It is gone.'] },
      null,
    ],
    [
      'restart on main stopped: Prove it failed: a pod is left (1 of 3 steps done)',
      stopped({ kind: 'failed', step: 'prove-stopped', reason: 'a pod is left' }),
      null,
    ],
    [
      'restart on main stopped: what became of Prove it is unknown: no answer (1 of 3 steps done)',
      stopped({ kind: 'unknown', step: 'prove-stopped', reason: 'no answer' }),
      null,
    ],
    ['stopped restart on main: aborted (1 of 3 steps done)', stopped({ kind: 'aborted', by: SECOND }), SECOND],
    [
      'restart on main stopped: the bot ended in the middle of it (1 of 3 steps done)',
      stopped({ kind: 'interrupted' }),
      null,
    ],
    ['restart on main done: 1 of 3 steps done, in 1 min', { kind: 'done', at: AT }, null],
    [
      'ended restart on main: undone, 1 of 3 steps done, in 1 min',
      { kind: 'ended', at: AT, by: SECOND, undone: true },
      SECOND,
    ],
  ])('%s', (words, state, by) => {
    const steps = [progress('stop-server', { state: 'done' }), progress('prove-stopped'), progress('start-server')];
    expect(say({ approval, state, steps }, { kind: 'state', title: 'Prove it' })).toEqual([by, words]);
  });
});

describe('a step', () => {
  const news = { kind: 'step', step: 'prove-stopped', title: 'Prove it' } as const;
  const run = (parts: Parameters<typeof progress>[1]) =>
    ({ steps: [progress('stop-server'), progress('prove-stopped', parts), progress('start-server')] }) as const;

  it.each([
    ['done', 'step 2 of 3 done in 4 s: Prove it; no pod is left'],
    ['failed', 'step 2 of 3 failed after 4 s: Prove it; no pod is left'],
    ['unknown', 'step 2 of 3, outcome unknown after 4 s: Prove it; no pod is left'],
    ['skipped', 'step 2 of 3 skipped: Prove it; no pod is left'],
  ] as const)('that is %s is told once it has ended', (state, words) => {
    const ended = run({ state, saw: 'no pod is left', startedAt: NOW, endedAt: NOW + 4_000 });
    expect(say(ended, news)).toEqual([null, `restart on main: ${words}`]);
    expect(describeRunAct(runOf(ended), news)?.fact.step).toMatchObject({
      kind: 'prove-stopped',
      state,
      title: 'Prove it',
    });
  });

  it.each(['waiting', 'acting'] as const)('that is %s is not', (state) => {
    expect(say(run({ state, startedAt: NOW }), news)).toBe(null);
  });
});

it.each<RunState>([{ kind: 'requested' }, { kind: 'running', abortAsked: null }])(
  'has nothing to tell of %o, or of an approval that is none',
  (state) => {
    expect(say({ state }, { kind: 'state', title: null })).toBe(null);
    expect(say({ state }, { kind: 'approved' })).toBe(null);
  },
);
