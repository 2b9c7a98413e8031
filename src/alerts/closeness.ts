import type { Judgement } from './lifecycle.ts';

/**
 * How near the nearest threshold is: 1 at it, 0 far from it. Drives the sampling interval. What is unknown counts as
 * far: the sampler has its own way to deal with a source that does not answer.
 */
export function closenessOf(judgements: readonly Judgement[]): number {
  const ratios = judgements.flatMap(({ findings }) =>
    findings.map(({ value, fireAt }) => (value === null || fireAt === null || fireAt <= 0 ? 0 : value / fireAt)),
  );
  return Math.max(0, ...ratios);
}
