import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { valueTicks } from '../../../src/render/chart/value-axis.ts';

test.each([
  [5, [0, 1, 2, 3, 4, 5]],
  [40, [0, 10, 20, 30, 40]],
  [103, [0, 20, 40, 60, 80, 100]],
  [206, [0, 50, 100, 150, 200]],
  [515, [0, 100, 200, 300, 400, 500]],
  [5150, [0, 1000, 2000, 3000, 4000, 5000]],
])('up to %d', (top, expected) => {
  expect(valueTicks(top, 7)).toEqual(expected);
});

test('whole numbers from 0, evenly apart, as many as there is room for', () => {
  fc.assert(
    fc.property(fc.double({ min: 1, max: 1e9, noNaN: true }), fc.integer({ min: 2, max: 12 }), (top, most) => {
      const ticks = valueTicks(top, most);
      expect(ticks[0]).toBe(0);
      expect(ticks.length).toBeLessThanOrEqual(most);
      expect(ticks.every((tick, index) => Number.isInteger(tick) && tick === index * (ticks[1] ?? 0))).toBe(true);
    }),
  );
});
