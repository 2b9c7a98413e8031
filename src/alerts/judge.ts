import type { Standing } from './rule.ts';

/** Where a number stands between two thresholds: fires at ≥ `fireAt`, is clear below `clearBelow`, holds between. */
export function judge(value: number, fireAt: number, clearBelow: number): Standing {
  if (value >= fireAt) return 'firing';
  return value < clearBelow ? 'clear' : 'holding';
}

/** The same where less is worse: fires at ≤ `fireAt`, is clear above `clearAbove`. */
export function judgeLower(value: number, fireAt: number, clearAbove: number): Standing {
  if (value <= fireAt) return 'firing';
  return value > clearAbove ? 'clear' : 'holding';
}
