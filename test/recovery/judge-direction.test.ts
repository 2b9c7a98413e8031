import { expect, it } from 'vitest';
import { judgeDirection } from '../../src/recovery/judge-direction.ts';
import { DIRECTIONS, type Direction, type RecoveryRun, type StopReason } from '../../src/recovery/run.ts';
import { NOW } from '../support/builders.ts';
import { runOf } from '../support/recovery-builders.ts';
import { createToyWorld, toyCatalogue, toyPlan } from '../support/toy-recovery.ts';

const CATALOGUE = toyCatalogue(createToyWorld());
const FAILED = { kind: 'failed', step: 'optional:b', reason: 'x' } as const;

function stopped(why: StopReason = FAILED, parts: Partial<RecoveryRun> = {}): RecoveryRun {
  const plan = toyPlan(['hold:site', 'switch:a', 'optional:b', 'later-version:c']);
  return runOf({ plan, stops: 2, state: { kind: 'stopped', at: NOW, why }, ...parts });
}

const judge = (run: RecoveryRun, what: Direction, stop: number | null = 2) =>
  judgeDirection(run, what, stop, CATALOGUE);
const OTHERS = DIRECTIONS.filter((what) => what !== 'abort');

it.each(OTHERS)('%s is told to a run that has stopped, of exactly that stop', (what) => {
  expect(judge(stopped(), what)).toBeNull();
  for (const stop of [null, 0, 1, 3, Number.NaN]) expect(judge(stopped(), what, stop)).toMatch(/moved on/);
});

it.each<[string, RecoveryRun['state']]>([
  ['has only been asked for', { kind: 'requested' }],
  ['is under way', { kind: 'running', abortAsked: null }],
  ['is done', { kind: 'done', at: NOW }],
  ['was given up', { kind: 'ended', at: NOW, by: 'rosa', undone: false }],
])('nothing but an abort is told to a run that %s', (_, state) => {
  for (const what of OTHERS) expect(judge(stopped(FAILED, { state }), what)).toMatch(/moved on/);
  expect(judge(stopped(FAILED, { state }), 'abort', null) === null).toBe(state.kind === 'running');
});

it('an abort is told to a run that is under way, and to no other', () => {
  expect(judge(stopped(), 'abort')).toMatch(/moved on/);
});

it.each<[string, RecoveryRun]>([
  ['may never be', stopped({ ...FAILED, step: 'switch:a' })],
  ['is being taken back', stopped(FAILED, { mode: 'undo' })],
  ['lets clients in', stopped(FAILED, { mode: 'release' })],
  ['nobody names', stopped({ kind: 'interrupted' })],
  ['nobody names, after an abort', stopped({ kind: 'aborted', by: 'rosa' })],
])('a step that %s is not left out', (_, run) => {
  expect(judge(run, 'skip')).toMatch(/may not be left out/);
});

it('a step is left out too whose outcome is unknown', () => {
  expect(judge(stopped({ ...FAILED, kind: 'unknown' }), 'skip')).toBeNull();
});
