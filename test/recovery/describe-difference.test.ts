import { describe, expect, it } from 'vitest';
import { describeDifference } from '../../src/recovery/describe-difference.ts';
import type { RecoveryPlan } from '../../src/recovery/plan.ts';

const plan = (warnings: readonly string[], ...ids: string[]): RecoveryPlan => ({
  database: 'main',
  strategy: 'restart',
  target: null,
  approval: 'second',
  steps: ids.map((id) => ({ id, kind: id, params: {} })),
  warnings,
  overrides: [],
});

describe('what has become of a plan', () => {
  it.each([
    [plan(['A.'], 'x'), plan(['A.', 'B.'], 'x'), 'New: B.'],
    [plan(['A.'], 'x'), plan([], 'x'), 'No longer so: A.'],
    [plan([], 'x'), plan([], 'x', 'y'), 'It has 2 steps, and had 1.'],
    [plan([], 'x'), plan(['1.', '2.', '3.', '4.'], 'x'), 'New: 1. New: 2. And 2 more below.'],
    [plan([], 'x'), plan([], 'x'), 'Its steps are the same, with other numbers.'],
  ])('%#', (before, now, words) => {
    expect(describeDifference(before, now)).toBe(words);
  });
});
