import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findGaps } from '../../src/model/history-gaps.ts';

const seen = (at: number) => ({ at, counts: new Map([['site', 1]]) });
const blind = (at: number) => ({ at, counts: null });

describe('gaps', () => {
  test.each([
    ['nothing was recorded', [], [[0, 100]]],
    ['the points are close', [seen(5), seen(12), seen(20), seen(95)], [[20, 95]]],
    ['a blind point lies between two close ones', [...range(0, 40), blind(41), ...range(44, 100)], [[40, 44]]],
    ['the source stays blind to the end', [...range(0, 60), blind(61), blind(70)], [[60, 100]]],
    ['the bot started late', range(50, 100), [[0, 50]]],
    ['points outside the window are given', [seen(-5), ...range(0, 100), blind(130)], []],
  ])('when %s', (_, points, expected) => {
    const gaps = findGaps(points, { fromMs: 0, toMs: 100 }, 10);
    expect(gaps.map(({ fromMs, toMs }) => [fromMs, toMs])).toEqual(expected);
  });

  test('lie in the window, in order, apart, and hold no counted point inside', () => {
    const point = fc.tuple(fc.integer({ min: -50, max: 1050 }), fc.boolean());
    fc.assert(
      fc.property(fc.array(point), fc.nat(200), (entries, silenceMs) => {
        const points = entries.map(([at, ok]) => (ok ? seen(at) : blind(at))).sort((a, b) => a.at - b.at);
        let end = 0;
        for (const gap of findGaps(points, { fromMs: 0, toMs: 1000 }, silenceMs)) {
          expect(gap.fromMs).toBeGreaterThanOrEqual(end);
          expect(gap.toMs).toBeGreaterThan(gap.fromMs);
          expect(points.filter(({ at, counts }) => counts && at > gap.fromMs && at < gap.toMs)).toEqual([]);
          end = gap.toMs;
        }
        expect(end).toBeLessThanOrEqual(1000);
      }),
    );
  });
});

function range(fromMs: number, toMs: number) {
  return Array.from({ length: Math.floor((toMs - fromMs) / 4) + 1 }, (_, index) => seen(fromMs + index * 4));
}
