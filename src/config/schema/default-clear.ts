import { optionDefault, type RuleDescription } from '../../model/rule-options.ts';
import type { Threshold } from '../../model/threshold.ts';

/**
 * Where an alert resolves when the file gives `fire` alone: the rule's default, or, where that is no use (it lies at or
 * beyond `fire`, or one is a number and the other a percentage), the same share of `fire`. Throws when the rule's own
 * defaults are no thresholds, which is a fault of the program.
 */
export function defaultClear(rule: RuleDescription, fire: Threshold): Threshold {
  const clear = optionDefault(rule, 'clear');
  if (rule.worse === 'unrelated') return clear;
  const usual = optionDefault(rule, 'fire');
  const fits = rule.worse === 'lower' ? clear.value > fire.value : clear.value < fire.value;
  if (clear.kind === fire.kind && (fits || fire.value === usual.value)) return clear;
  const share = clear.kind === usual.kind && usual.value > 0 ? clear.value / usual.value : 1;
  const value = fire.value * (rule.worse === 'lower' ? Math.max(1, share) : Math.min(1, share));
  return { kind: fire.kind, value: fire.kind === 'count' ? Math.floor(value) : value };
}
