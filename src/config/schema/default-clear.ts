import type { RuleDescription } from '../../model/rule-options.ts';
import { parseThreshold, type Threshold } from '../../model/threshold.ts';

/**
 * Where an alert resolves when the file gives `fire` alone: the rule's default, or, where that is no use (it lies at or
 * above `fire`, or one is a number and the other a percentage), the same share of `fire`. Throws when the rule's own
 * defaults are no thresholds, which is a fault of the program.
 */
export function defaultClear(rule: RuleDescription, fire: Threshold): Threshold {
  const clear = ruleDefault(rule, 'clear');
  const usual = ruleDefault(rule, 'fire');
  if (clear.kind === fire.kind && (clear.value < fire.value || fire.value === usual.value)) return clear;
  const share = clear.kind === usual.kind && usual.value > 0 ? clear.value / usual.value : 1;
  const value = fire.value * Math.min(1, share);
  return { kind: fire.kind, value: fire.kind === 'count' ? Math.floor(value) : value };
}

/** The default of one of a rule's thresholds. Throws when it is none. */
export function ruleDefault(rule: RuleDescription, name: 'fire' | 'clear'): Threshold {
  const threshold = parseThreshold(rule.options[name].default);
  if (threshold === null) throw new Error(`the default of ${rule.id}.${name} is no threshold`);
  return threshold;
}
