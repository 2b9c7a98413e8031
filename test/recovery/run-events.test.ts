import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAtWork, isOver, type RecoveryRun } from '../../src/recovery/run.ts';
import { foldRecovery, type RunEvent, stepRecovery, toJournal } from '../../src/recovery/run-events.ts';
import { toyPlan } from '../support/toy-recovery.ts';

const REQUESTED: RunEvent = {
  type: 'requested',
  data: {
    hash: 'a'.repeat(16),
    plan: toyPlan(['hold:site', 'switch:a']),
    requestedBy: 'rosa',
    diagnosis: null,
    until: 900,
    policy: 'two-person',
    breakGlassAt: 300,
  },
};
const APPROVED: RunEvent = { type: 'approved', data: { by: 'emil', how: 'second-person', reason: null } };
const intent = (step: string, note: RunEvent['data'] | null = null): RunEvent => ({
  type: 'intent',
  data: { step, way: 'do', note },
});
const result = (step: string, outcome: 'done' | 'failed' | 'unknown', way: 'do' | 'undo' = 'do'): RunEvent => ({
  type: 'result',
  data: { step, way, outcome, saw: 'so it is' },
});
const stopped = (step: string): RunEvent => ({
  type: 'stopped',
  data: { why: { kind: 'failed', step, reason: 'it is stuck' } },
});
const directed = (what: 'retry' | 'skip' | 'undo' | 'release' | 'abort' | 'resume'): RunEvent => ({
  type: 'directed',
  data: { what, by: 'rosa' },
});

function fold(...events: readonly RunEvent[]): RecoveryRun {
  // As the journal gives it back.
  const stored = events.map((event, index) => JSON.parse(JSON.stringify(toJournal(event, index))));
  const run = foldRecovery('run', stored);
  if (run === null) throw new Error('nothing was requested');
  return run;
}

const ANY_EVENT = fc.constantFrom<RunEvent>(
  REQUESTED,
  APPROVED,
  { type: 'shown', data: { channelId: '1', messageId: '2' } },
  { type: 'cancelled', data: { by: 'rosa' } },
  { type: 'expired', data: {} },
  { type: 'superseded', data: { next: null, reasons: [] } },
  intent('hold:site'),
  intent('switch:a'),
  result('hold:site', 'done'),
  result('switch:a', 'failed'),
  result('hold:site', 'done', 'undo'),
  stopped('switch:a'),
  { type: 'stopped', data: { why: { kind: 'interrupted' } } },
  { type: 'stopped', data: { why: { kind: 'released', by: 'rosa' } } },
  directed('retry'),
  directed('skip'),
  directed('undo'),
  directed('release'),
  directed('abort'),
  { type: 'done', data: {} },
  { type: 'ended', data: { by: 'rosa', undone: false } },
  { type: 'told', data: {} },
);

describe('the stream of a recovery', () => {
  it('comes to the same run when it is read back', () => {
    const run = fold(REQUESTED, APPROVED, intent('hold:site', { note: 3 } as never), result('hold:site', 'done'));
    expect(run).toMatchObject({
      plan: REQUESTED.type === 'requested' && REQUESTED.data.plan,
      approval: { by: 'emil', how: 'second-person', at: 1 },
      state: { kind: 'running', abortAsked: null },
      steps: [{ state: 'done', note: { note: 3 }, startedAt: 2, endedAt: 3, attempts: 1 }, { state: 'waiting' }],
    });
  });

  it('keeps what was noted first where a later look notes nothing', () => {
    const again = fold(REQUESTED, APPROVED, intent('hold:site', { note: 3 } as never), intent('hold:site'));
    expect(again.steps[0]).toMatchObject({ note: { note: 3 }, attempts: 2, state: 'acting' });
  });

  it('does not act on the events of another version', () => {
    const run = fold(REQUESTED);
    expect(stepRecovery('run', run, { ...toJournal(APPROVED, 1), version: 2 })).toBe(run);
    expect(foldRecovery('run', [{ ...toJournal(REQUESTED, 1), version: 2 }])).toBeNull();
  });

  it('begins with a request, or not at all', () => {
    expect(foldRecovery('run', [toJournal(APPROVED, 1)])).toBeNull();
  });

  it('trusts no proof from before its step was taken back, when it goes on with the plan', () => {
    const through = [intent('hold:site'), result('hold:site', 'done'), intent('switch:a'), result('switch:a', 'done')];
    const back = [stopped('switch:a'), directed('undo'), result('hold:site', 'done', 'undo'), stopped('hold:site')];
    const { mode, steps } = fold(REQUESTED, APPROVED, ...through, ...back, directed('resume'));
    expect(mode).toBe('steps');
    expect(steps).toMatchObject([
      { state: 'waiting', attempts: 0 },
      { state: 'waiting', attempts: 1 },
    ]);
  });

  it('leaves a step in force whose undo failed, and none whose undo is done', () => {
    const before = [REQUESTED, APPROVED, intent('hold:site'), result('hold:site', 'done')];
    expect(fold(...before, result('hold:site', 'failed', 'undo')).steps[0]?.state).toBe('unknown');
    expect(fold(...before, result('hold:site', 'done', 'undo')).steps[0]?.state).toBe('undone');
  });

  it('leaves out only the step at which it has stopped', () => {
    const run = fold(REQUESTED, APPROVED, stopped('switch:a'), directed('skip'));
    expect(run.steps.map(({ state }) => state)).toEqual(['waiting', 'skipped']);
    const interrupted: RunEvent = { type: 'stopped', data: { why: { kind: 'interrupted' } } };
    expect(fold(REQUESTED, APPROVED, interrupted, directed('skip')).state.kind).toBe('stopped');
  });

  it('goes back to its steps once clients were let in', () => {
    const released: RunEvent = { type: 'stopped', data: { why: { kind: 'released', by: 'rosa' } } };
    expect(fold(REQUESTED, APPROVED, stopped('switch:a'), directed('release')).mode).toBe('release');
    expect(fold(REQUESTED, APPROVED, stopped('switch:a'), directed('release'), released).mode).toBe('steps');
  });

  it('never runs without an approval, and is over for ever once it is over, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(ANY_EVENT, { maxLength: 30 }), (events) => {
        let run = fold(REQUESTED);
        for (const [index, event] of events.entries()) {
          const before = run;
          run = stepRecovery('run', run, toJournal(event, index + 1)) ?? run;
          if (isAtWork(run)) expect(run.approval).not.toBeNull();
          if (isOver(before)) expect(run.state).toBe(before.state);
          expect(run.stops).toBeGreaterThanOrEqual(before.stops);
        }
      }),
    );
  });
});
