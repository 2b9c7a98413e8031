import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { spreadLabels } from '../../../src/render/chart/spread-labels.ts';

test('labels with room between them stay where they want to be', () => {
  expect(spreadLabels([10, 60, 200], 30, 0, 300)).toEqual([10, 60, 200]);
});

test('labels that would overlap move apart evenly', () => {
  expect(spreadLabels([100, 110], 30, 0, 300)).toEqual([90, 120]);
});

test('labels at an edge move inwards together', () => {
  expect(spreadLabels([2, 4, 20], 30, 0, 300)).toEqual([0, 30, 60]);
});

test('no two labels overlap, none leaves the room, and their order stays', () => {
  const wanted = fc.array(fc.integer({ min: -50, max: 350 }), { maxLength: 10 });
  fc.assert(
    fc.property(wanted, (heights) => {
      const ascending = heights.toSorted((a, b) => a - b);
      const placed = spreadLabels(ascending, 30, 0, 300);
      expect(placed).toHaveLength(ascending.length);
      for (const [index, height] of placed.entries()) {
        expect(height).toBeGreaterThanOrEqual(-1e-6);
        expect(height).toBeLessThanOrEqual(300 + 1e-6);
        if (index > 0) expect(height - (placed[index - 1] ?? 0)).toBeGreaterThanOrEqual(30 - 1e-6);
      }
    }),
  );
});
