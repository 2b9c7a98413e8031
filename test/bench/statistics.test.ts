import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { median, percentile, slope, summarise } from '../../bench/statistics.ts';

const measured = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 200 });

describe('the median', () => {
  it.each([
    [[3], 3],
    [[4, 1], 2.5],
    [[9, 1, 5], 5],
    [[10, 2, 8, 4], 6],
  ])('of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  it('does not depend on the order', () => {
    fc.assert(fc.property(measured, (values) => median(values) === median(values.toReversed())));
  });

  it('leaves its input as it was', () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });
});

describe('a percentile', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => index + 1);

  it.each([
    [0, 1],
    [1, 1],
    [50, 50],
    [99, 99],
    [100, 100],
  ])('p%d of 1 to 100 is %d', (percent, expected) => {
    expect(percentile(hundred, percent)).toBe(expected);
  });

  it('p99 of fewer than a hundred is the largest', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer(), { minLength: 1, maxLength: 99 }),
        (values) => percentile(values, 99) === Math.max(...values),
      ),
    );
  });

  it('is one of the values', () => {
    fc.assert(
      fc.property(measured, fc.integer({ min: 0, max: 100 }), (values, percent) =>
        values.includes(percentile(values, percent)),
      ),
    );
  });
});

describe('a summary', () => {
  it('is in order: min, median, p99, max', () => {
    fc.assert(
      fc.property(measured, (values) => {
        const { n, min, median: middle, p99, max } = summarise(values);
        return n === values.length && min <= middle && middle <= max && min <= p99 && p99 <= max;
      }),
    );
  });

  it('of nothing is refused, as is one with a measurement that failed', () => {
    expect(() => summarise([])).toThrow('nothing was measured');
    expect(() => summarise([1, Number.NaN])).toThrow('not a number');
  });
});

describe('the slope', () => {
  it('is that of the line the points lie on', () => {
    fc.assert(
      fc.property(fc.integer({ min: -100, max: 100 }), fc.integer({ min: -1_000, max: 1_000 }), (rise, from) => {
        const points = [0, 1, 2, 5, 9].map((x) => ({ x, y: from + rise * x }));
        expect(slope(points)).toBeCloseTo(rise, 6);
      }),
    );
  });

  it('is the least-squares one when they lie on none', () => {
    const points = [1, 3, 2, 5].map((y, x) => ({ x, y }));
    expect(slope(points)).toBeCloseTo(1.1, 10);
  });

  it('of one moment is refused', () => {
    const moment = { x: 1, y: 2 };
    expect(() => slope([moment, { x: 1, y: 4 }])).toThrow('different times');
    expect(() => slope([])).toThrow('different times');
  });
});
