import { describe, expect, test } from 'vitest';
import { measureRise } from '../../src/model/measure-rise.ts';
import { sampled } from '../support/total-series.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const measure = (totalAt: (t: number) => number, spanMs = 10 * MINUTE, stepMs = 5 * SECOND) =>
  measureRise(sampled(totalAt, { now: 0, spanMs, stepMs }), { at: 0, total: Math.round(totalAt(0)) }, MINUTE);

describe('the rise within a minute', () => {
  test.each([
    ['a step half a minute ago', (t: number) => (t > -30 * SECOND ? 74 : 50), 24],
    ['a step more than a minute ago', (t: number) => (t > -70 * SECOND ? 74 : 50), 0],
    ['a line of 30 a minute', (t: number) => 80 + (30 * t) / MINUTE, 30],
    ['a fall', (t: number) => 50 - (30 * t) / MINUTE, 0],
    ['nothing', () => 50, 0],
  ])('of %s', (_, totalAt, by) => {
    expect(measure(totalAt)).toEqual({ by, whole: true });
  });

  test.each([
    ['30 s ago, and they are back', (t: number) => (t > -30 * SECOND && t < 0 ? 30 : 80), 0],
    ['2 minutes ago, and they come back now', (t: number) => (t < -2 * MINUTE ? 80 : t < 0 ? 30 : 80), 0],
    ['2 minutes ago, and more come back than there were', (t: number) => (t < -2 * MINUTE ? 80 : t < 0 ? 30 : 105), 25],
    ['5 minutes ago: by now few are usual', (t: number) => (t < -5 * MINUTE ? 80 : t < 0 ? 30 : 80), 50],
  ])('when 50 were terminated %s', (_, totalAt, by) => {
    expect(measure(totalAt).by).toBe(by);
  });

  test('is not hidden by a spike before it', () => {
    const spiked = (t: number) => (t > -3 * MINUTE && t < -2 * MINUTE ? 95 : t < 0 ? 50 : 75);
    expect(measure(spiked).by).toBe(25);
  });

  test('takes what is usual by time, not by how often it was sampled', () => {
    const points = [
      ...sampled(() => 80, { now: -5 * MINUTE, spanMs: 70 * SECOND, stepMs: 250 }),
      ...sampled(() => 30, { now: 0, spanMs: 5 * MINUTE, stepMs: 5 * SECOND }),
    ];
    expect(measureRise(points, { at: 0, total: 80 }, MINUTE).by).toBe(50);
  });

  test('is the least it can be where too little was seen', () => {
    expect(measure(() => 50, 40 * SECOND)).toEqual({ by: 0, whole: false });
    expect(measure((t) => (t < 0 ? 50 : 80), 40 * SECOND)).toEqual({ by: 30, whole: false });
    expect(measureRise([], { at: 0, total: 80 }, MINUTE)).toEqual({ by: 0, whole: false });
  });
});
