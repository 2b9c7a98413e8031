import { expect, it } from 'vitest';
import { locateRun, measureRun, measureStep } from '../../src/recovery/measure-run.ts';
import { NOW } from '../support/builders.ts';
import { APPROVED, runView } from '../support/recovery-views.ts';

const step = { id: 'a', state: 'done', saw: '', attempts: 1, note: null } as const;

it.each([
  [null, null, null],
  [NOW - 5_000, null, 5_000],
  [NOW - 5_000, NOW - 2_000, 3_000],
  [NOW + 1_000, null, 0],
])('measures a step from %s to %s', (startedAt, endedAt, expected) => {
  expect(measureStep({ ...step, startedAt, endedAt }, NOW)).toBe(expected);
});

it('measures a run from its approval to its end, or until now', () => {
  const approved = { run: { approval: APPROVED } };
  expect(measureRun(runView({ kind: 'requested' }).run, NOW)).toBeNull();
  expect(measureRun(runView({ kind: 'done', at: NOW - 10_000 }, approved).run, NOW)).toBe(40_000);
  expect(measureRun(runView({ kind: 'running', abortAsked: null }, approved).run, NOW)).toBe(50_000);
});

it('finds where a run is in its plan', () => {
  const running = { kind: 'running', abortAsked: null } as const;
  const at = (...progress: readonly ('done' | 'acting' | 'skipped')[]) => locateRun(runView(running, { progress }).run);
  expect(at()).toEqual({ current: null, next: 0, done: 0 });
  expect(at('done', 'acting')).toEqual({ current: 1, next: 2, done: 1 });
  expect(at('done', 'skipped')).toEqual({ current: null, next: 2, done: 1 });
  const why = { kind: 'failed', step: 'stop-server', reason: '' } as const;
  // An undo may fail at a step that is done.
  const stopped = runView({ kind: 'stopped', at: NOW, why }, { progress: ['done', 'done', 'done', 'done', 'failed'] });
  expect(locateRun(stopped.run).current).toBe(3);
});
