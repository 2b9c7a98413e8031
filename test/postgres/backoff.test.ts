import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { decideRetryDelay } from '../../src/postgres/backoff.ts';

it('doubles from 250 ms to 10 s', () => {
  const delays = [0, 1, 2, 3, 4, 5, 6, 100].map((attempt) => decideRetryDelay(attempt, () => 0));
  expect(delays).toEqual([250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
});

it('takes half away at the most random, so that two never knock in step', () => {
  expect([0, 6].map((attempt) => decideRetryDelay(attempt, () => 1))).toEqual([125, 5_000]);
});

it('takes away at most half', () => {
  fc.assert(
    fc.property(fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, random) => {
      const full = decideRetryDelay(attempt, () => 0);
      const delay = decideRetryDelay(attempt, () => random);
      expect(delay).toBeGreaterThanOrEqual(full / 2);
      expect(delay).toBeLessThanOrEqual(full);
    }),
  );
});
