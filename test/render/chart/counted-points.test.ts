import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countedPoints, splitAtGaps, thinRun } from '../../../src/render/chart/counted-points.ts';
import { point } from '../../support/connection-chart.ts';

const WINDOW = { fromMs: 0, toMs: 1000 };

test('points outside the window, and blind ones, are left out', () => {
  const samples = [point(-1, { site: 1 }), { at: 5, counts: null }, point(7, { site: 2 }), point(1001, { site: 3 })];
  expect(countedPoints(samples, WINDOW).map(({ at }) => at)).toEqual([7]);
});

test('counts that are none are 0', () => {
  const counts = { a: Number.NaN, b: -3, c: Number.POSITIVE_INFINITY, d: 4 };
  expect(countedPoints([point(0, counts)], WINDOW)[0]).toMatchObject({ total: 4 });
});

test('a gap parts the points on its two sides, wherever it lies between them', () => {
  const points = countedPoints(
    [10, 20, 30, 40].map((at) => point(at, { site: 1 })),
    WINDOW,
  );
  const runs = splitAtGaps(points, [
    { fromMs: 12, toMs: 18 },
    { fromMs: 30, toMs: 40 },
  ]);
  expect(runs.map((run) => run.map(({ at }) => at))).toEqual([[10], [20, 30], [40]]);
});

describe('thinning', () => {
  const run = fc
    .array(fc.tuple(fc.integer({ min: 0, max: 1000 }), fc.nat(100)), { minLength: 1, maxLength: 300 })
    .map((entries) =>
      countedPoints(
        entries.map(([at, site]) => point(at, { site })),
        WINDOW,
      ),
    );

  test('keeps the first point, the last and the highest, in order', () => {
    fc.assert(
      fc.property(run, fc.integer({ min: 1, max: 400 }), (points, columnMs) => {
        const kept = thinRun(points, columnMs);
        expect([kept[0], kept.at(-1)]).toEqual([points[0], points.at(-1)]);
        expect(Math.max(...kept.map(({ total }) => total))).toBe(Math.max(...points.map(({ total }) => total)));
        expect(kept).toEqual(points.filter((point) => kept.includes(point)));
      }),
    );
  });

  test('keeps one point per column, and the two ends', () => {
    fc.assert(
      fc.property(run, fc.integer({ min: 1, max: 400 }), (points, columnMs) => {
        expect(thinRun(points, columnMs).length).toBeLessThanOrEqual(Math.floor(1000 / columnMs) + 1 + 2);
      }),
    );
  });
});
