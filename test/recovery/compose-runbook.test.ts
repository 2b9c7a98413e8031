import { describe, expect, it } from 'vitest';
import { composeRunbook } from '../../src/recovery/compose-runbook.ts';
import { describeForRunbook } from '../../src/recovery/describe-steps.ts';
import type { RecoverySettings } from '../../src/recovery/facts.ts';
import { toyStep, toyStrategy } from './toy-catalogue.ts';

const SETTINGS: RecoverySettings = {
  database: 'main',
  applications: [],
  protect: [],
  workload: null,
  claim: null,
  dependents: [],
  backup: null,
  connection: { host: 'h', port: 5432, database: 'postgres' },
  pgbouncer: null,
  volume: null,
};
const STEPS = new Map([toyStep('hold', true), toyStep('look')].map((step) => [step.kind, step]));
const RUNGS = [toyStrategy('restart', 4), toyStrategy('kill-stale', 1)];

describe('the runbook', () => {
  it('is made of what each strategy outlines for this configuration, gentlest first', () => {
    const seen: RecoverySettings[] = [];
    const restart = toyStrategy('restart', 4, {
      outline(settings) {
        seen.push(settings);
        return { kind: 'steps', steps: [{ id: 'look', kind: 'look', params: { name: settings.database } }] };
      },
    });
    const { database, rungs } = composeRunbook(SETTINGS, [restart, toyStrategy('kill-stale', 1)], STEPS);
    expect(seen).toEqual([SETTINGS]);
    expect([database, ...rungs.map(({ strategy, rung }) => `${rung} ${strategy}`)]).toEqual([
      'main',
      '1 kill-stale',
      '4 restart',
    ]);
    expect(rungs[1]?.steps[0]).toMatchObject({ title: 'look main', undo: null });
    expect(rungs[1]?.approval).toBe('second');
  });

  it('says how each step is done by hand, and how it is taken back', () => {
    const [step] = composeRunbook(SETTINGS, RUNGS, STEPS).rungs[0]?.steps ?? [];
    expect(step?.commands).toEqual([{ say: 'Do hold:', run: 'hold site' }]);
    expect(step?.undo).toEqual({ title: 'unhold site', commands: [{ say: 'Back:', run: 'unhold site' }] });
  });

  it('keeps a rung that this configuration does not allow, with the reason', () => {
    const outline = () => ({ kind: 'not-configured', reason: 'no workload is configured' }) as const;
    const [rung] = composeRunbook(SETTINGS, [toyStrategy('restart', 4, { outline })], STEPS).rungs;
    expect(rung).toMatchObject({ steps: [], missing: 'no workload is configured' });
  });

  it('has in words what this version does not carry out', () => {
    const named = (only?: 'remount' | 'restart') =>
      composeRunbook(SETTINGS, RUNGS, STEPS, only).later.map(({ strategy, rung }) => `${rung} ${strategy}`);
    expect(named()).toEqual(['5 remount', '6 recreate']);
    expect(named('remount')).toEqual(['5 remount']);
    expect(named('restart')).toEqual([]);
    expect(composeRunbook(SETTINGS, [toyStrategy('remount', 5), toyStrategy('recreate', 6)], STEPS).later).toEqual([]);
  });

  it('is of one rung only when that is asked for', () => {
    expect(composeRunbook(SETTINGS, RUNGS, STEPS, 'restart').rungs.map(({ strategy }) => strategy)).toEqual([
      'restart',
    ]);
  });
});

describe('a step in words', () => {
  it('fails loudly where plan and catalogue do not fit', () => {
    expect(() => describeForRunbook({ id: 'x', kind: 'nothing', params: {} }, STEPS)).toThrow(
      'step x: no kind of step is called nothing',
    );
    expect(() => describeForRunbook({ id: 'x', kind: 'hold', params: { name: 1 } }, STEPS)).toThrow(
      'step x: its params do not fit',
    );
  });
});
