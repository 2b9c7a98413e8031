import type { Judgement } from './lifecycle.ts';
import type { Rule } from './rule.ts';

/**
 * How near the nearest threshold of a rule that quickens the sampling is: 1 at it, 0 far from it. What is unknown counts
 * as far: the sampler has its own way to deal with a source that does not answer.
 */
export function closenessOf(judgements: readonly Judgement[], rules: readonly Rule[]): number {
  const quickening = new Set(rules.filter(({ quickens }) => quickens).map(({ id }) => id));
  const ratios = judgements.flatMap(({ rule, findings }) => {
    if (!quickening.has(rule)) return [];
    return findings.map(({ value, fireAt }) => (value === null || fireAt === null || fireAt <= 0 ? 0 : value / fireAt));
  });
  return Math.max(0, ...ratios);
}
