import { expect, it } from 'vitest';
import type { Verdict } from '../../src/model/admission.ts';
import { type CanarySituation, decideCanaryInterval } from '../../src/watch/decide-canary-interval.ts';
import { NOW } from '../support/builders.ts';

function decide(
  parts: Partial<Omit<CanarySituation, 'totals'>> & { readonly totals?: readonly number[] } = {},
): number {
  const totals = (parts.totals ?? [10, 10]).map((total, index) => ({ at: NOW + index * 250, total }));
  return decideCanaryInterval({ verdict: 'admitted', toConfirm: false, usable: 97, ...parts, totals });
}

it.each<[string, number, Parameters<typeof decide>[0]]>([
  ['all is well', 10_000, {}],
  ['nothing is known yet', 10_000, { verdict: null, totals: [], usable: null }],
  ['a first good probe wants a second', 1_000, { toConfirm: true }],
  ['half-authenticated clients fill it', 30_000, { verdict: 'half-authenticated' }],
  ['it is full, and the counts say so', 30_000, { verdict: 'only-reserved-left', totals: [97, 97] }],
  ['it is completely full, and the counts say so', 30_000, { verdict: 'completely-full', totals: [100] }],
  ['it was full, and the counts have fallen', 10_000, { verdict: 'only-reserved-left', totals: [97, 96] }],
  ['it is full, and nobody counts', 10_000, { verdict: 'completely-full', totals: [] }],
  ['the counts show full, but the canary came in', 10_000, { totals: [97, 97] }],
  ['connections rise to the limit', 30_000, { totals: [70, 84] }],
  ['a storm follows a first good probe', 30_000, { toConfirm: true, totals: [70, 84] }],
  ['they rise fast, far from the limit', 10_000, { totals: [10, 60] }],
  ['they rise slowly, near the limit', 10_000, { totals: [75, 80] }],
  ['the rise is no more than the canary itself', 10_000, { totals: [95, 96] }],
  ['they fall near the limit', 10_000, { totals: [96, 80] }],
  ['the limit is unknown', 10_000, { totals: [70, 84], usable: null }],
])('when %s, the canary rests %i ms', (_, expected, situation) => {
  expect(decide(situation)).toBe(expected);
});

it.each<[Verdict, number]>([
  ['starting', 2_000],
  ['crash-recovery', 2_000],
  ['shutting-down', 2_000],
  ['stopped', 2_000],
  ['frozen', 2_000],
  ['unreachable', 2_000],
  ['auth-refused', 10_000],
  ['tls-failed', 10_000],
  ['no-such-database', 10_000],
  ['role-limit', 10_000],
  ['database-limit', 10_000],
  ['read-only', 10_000],
  ['unrecognised', 10_000],
])('after %s the canary rests %i ms', (verdict, expected) => {
  expect(decide({ verdict, totals: [] })).toBe(expected);
});
