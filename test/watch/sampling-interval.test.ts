import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Forecast } from '../../src/model/forecast.ts';
import { decideSamplingInterval } from '../../src/watch/sampling-interval.ts';

const SAMPLING = { calmMs: 5_000, fastMs: 250 };
const STEADY: Forecast = { kind: 'steady' };
const MINUTE = 60_000;

function exhausts(inMs: number): Forecast {
  return { kind: 'exhausts', inMs, perMinute: 1 };
}

function decide(closeness: number | null, forecast: Forecast = STEADY, sampling = SAMPLING): number {
  return decideSamplingInterval({ closeness, forecast, sampling });
}

describe('the sampling interval', () => {
  it.each([
    [0, 5_000],
    [0.5, 5_000],
    [0.625, 1_118],
    [0.75, 250],
    [1.2, 250],
    [null, 1_000],
  ])('at closeness %s is %i ms', (closeness, expected) => {
    expect(decide(closeness)).toBe(expected);
  });

  it.each([
    [0, 250],
    [2, 250],
    [11, 1_118],
    [20, 5_000],
    [200, 5_000],
  ])('with exhaustion in %i min is %i ms', (minutes, expected) => {
    expect(decide(0, exhausts(minutes * MINUTE))).toBe(expected);
  });

  it.each<[string, Forecast]>([
    ['a steady course', STEADY],
    ['no forecast', { kind: 'unknown', reason: 'too few samples' }],
  ])('is calm with %s', (_, forecast) => {
    expect(decide(0, forecast)).toBe(5_000);
  });

  it.each([
    [0.75, 20, 250],
    [0.5, 2, 250],
    [null, 2, 250],
    [null, 20, 1_000],
  ])('is the smaller of the two: closeness %s, %i min', (closeness, minutes, expected) => {
    expect(decide(closeness, exhausts(minutes * MINUTE))).toBe(expected);
  });

  it('asks no blind source less often than a calm one, nor more often than a fast one', () => {
    expect(decide(null, STEADY, { calmMs: 500, fastMs: 100 })).toBe(500);
    expect(decide(null, STEADY, { calmMs: 9_000, fastMs: 3_000 })).toBe(3_000);
  });

  it('never grows with closeness or with haste, and stays between fast and calm', () => {
    const closeness = fc.double({ min: 0, max: 2, noNaN: true });
    const inMs = fc.integer({ min: -MINUTE, max: 60 * MINUTE });
    const sampling = fc
      .tuple(fc.integer({ min: 1, max: 60_000 }), fc.integer({ min: 1, max: 60_000 }))
      .map(([a, b]) => ({ fastMs: Math.min(a, b), calmMs: Math.max(a, b) }));
    fc.assert(
      fc.property(closeness, closeness, inMs, inMs, sampling, (a, b, c, d, limits) => {
        const urgent = decide(Math.max(a, b), exhausts(Math.min(c, d)), limits);
        const calm = decide(Math.min(a, b), exhausts(Math.max(c, d)), limits);
        expect(urgent).toBeLessThanOrEqual(calm);
        for (const each of [urgent, calm, decide(null, exhausts(c), limits)]) {
          expect(each).toBeGreaterThanOrEqual(limits.fastMs);
          expect(each).toBeLessThanOrEqual(limits.calmMs);
        }
      }),
    );
  });
});
