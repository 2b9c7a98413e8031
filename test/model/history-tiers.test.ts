import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createHistory, LAST_HOURS } from '../../src/model/history.ts';

const SECOND = 1_000;
const counts = (entries: Record<string, number>) => new Map(Object.entries(entries));
const tiers = {
  bucketMs: SECOND,
  spanMs: 60 * SECOND,
  coarser: [
    { bucketMs: 10 * SECOND, spanMs: 600 * SECOND },
    { bucketMs: 60 * SECOND, spanMs: 3_600 * SECOND },
  ],
};

/** A history with a sample a second up to `untilMs`, of as many sessions as seconds have passed. */
function counted(untilMs: number) {
  const history = createHistory(tiers);
  for (let at = 0; at <= untilMs; at += SECOND) history.record(at, counts({ site: at / SECOND }));
  return history;
}

describe('a history of several tiers', () => {
  test('is fine where it is new and coarse where it is old', () => {
    const times = counted(3_600 * SECOND)
      .window(0, 3_600 * SECOND)
      .map(({ at }) => at / SECOND);
    const gaps = new Set(times.slice(1).map((at, index) => at - (times[index] ?? 0)));
    expect([...gaps]).toEqual([60, 10, 1]);
    expect(times[0]).toBe(59);
    expect(times.filter((at) => at >= 3_540)).toHaveLength(61);
  });

  test('keeps a peak of one sample for its whole span', () => {
    const history = createHistory(tiers);
    for (let at = 0; at <= 3_000 * SECOND; at += SECOND) history.record(at, counts({ site: at === 7_000 ? 97 : 10 }));
    expect(history.window(0, 60 * SECOND - 1)).toEqual([{ at: 7_000, counts: counts({ site: 97 }) }]);
  });

  test('still has what its finest tier has lost to a silence', () => {
    const history = counted(120 * SECOND);
    history.record(500 * SECOND, counts({ site: 1 }));
    const times = history.window(0, 500 * SECOND).map(({ at }) => at / SECOND);
    expect(times).toEqual([9, 19, 29, 39, 49, 59, 69, 79, 89, 99, 109, 119, 120, 500]);
  });

  test('tells, of every moment, the highest total of the bucket it lies in, once', () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 1, max: 90_000 }), fc.nat(200)), {
      minLength: 1,
      maxLength: 200,
    });
    fc.assert(
      fc.property(fc.nat(1e9), steps, (start, samples) => {
        const history = createHistory(tiers);
        const recorded: { at: number; total: number }[] = [];
        let at = start;
        for (const [stepMs, total] of samples) {
          at += stepMs;
          recorded.push({ at, total });
          history.record(at, counts({ site: total }));
        }
        const points = history.totals(at - 3_000 * SECOND, at);
        expect(points.map((point) => point.at)).toEqual(
          [...new Set(points.map((point) => point.at))].toSorted((a, b) => a - b),
        );
        for (const point of points) expect(recorded).toContainEqual(point);
        // Whatever was recorded has, within its bucket or the coarsest there is, a point that is as high.
        const inSpan = recorded.filter((sample) => sample.at > at - 2_900 * SECOND);
        for (const sample of inSpan) {
          expect(
            points.some((point) => Math.abs(point.at - sample.at) < 60 * SECOND && point.total >= sample.total),
          ).toBe(true);
        }
      }),
    );
  });

  test('is bounded, whatever times come in', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -1e13, max: 1e13 }), fc.nat(9)), { maxLength: 300 }),
        (samples) => {
          const history = createHistory({
            ...tiers,
            spanMs: 5 * SECOND,
            coarser: [{ bucketMs: 10 * SECOND, spanMs: 50 * SECOND }],
          });
          for (const [at, total] of samples) history.record(at, counts({ site: total }));
          expect(history.window(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY).length).toBeLessThanOrEqual(6 + 6);
        },
      ),
    );
  });

  test('keeps 12 hours in some 3,300 points', () => {
    const history = createHistory(LAST_HOURS);
    for (let at = 0; at <= 13 * 3_600 * SECOND; at += SECOND) history.record(at, counts({ site: 5 }));
    const points = history.window(SECOND, 13 * 3_600 * SECOND);
    expect(points[0]?.at).toBeLessThanOrEqual(3_660 * SECOND);
    expect(points.length).toBeLessThan(3_400);
  });

  test.each([
    [{ bucketMs: SECOND, spanMs: 120 * SECOND }],
    [{ bucketMs: 10 * SECOND, spanMs: 60 * SECOND }],
    [{ bucketMs: 0, spanMs: 600 * SECOND }],
  ])('refuses %o after a tier of 1 s for 60 s', (tier) => {
    expect(() => createHistory({ bucketMs: SECOND, spanMs: 60 * SECOND, coarser: [tier] })).toThrow(RangeError);
  });
});

describe('the totals of a history', () => {
  test('are those of its points, without the blind ones', () => {
    const history = createHistory(tiers);
    history.record(1_000, counts({ site: 3, bot: 1 }));
    history.record(2_000, null);
    history.record(3_000, counts({ site: 5 }));
    expect(history.totals(0, 9_000)).toEqual([
      { at: 1_000, total: 4 },
      { at: 3_000, total: 5 },
    ]);
    expect(history.totals(1_500, 2_500)).toEqual([]);
  });

  test('end with the newest sample, though its second had a higher one', () => {
    const history = createHistory(tiers);
    history.record(1_000, counts({ site: 97 }));
    history.record(1_500, counts({ site: 12 }));
    expect(history.totals(0, 9_000)).toEqual([
      { at: 1_000, total: 97 },
      { at: 1_500, total: 12 },
    ]);
    history.record(1_750, null);
    expect(history.totals(0, 9_000)).toEqual([{ at: 1_000, total: 97 }]);
  });
});

describe('the growth of a history', () => {
  test('names who rose since the lowest total, most first', () => {
    const history = createHistory(tiers);
    history.record(1_000, counts({ site: 30, bot: 5, metabase: 4 }));
    history.record(2_000, counts({ site: 10, bot: 5, metabase: 4 }));
    history.record(9_000, counts({ site: 41, bot: 4, metabase: 6, grafana: 2 }));
    expect(history.growth(0, 9_000)).toEqual([
      { application: 'site', by: 31 },
      { application: 'grafana', by: 2 },
      { application: 'metabase', by: 2 },
    ]);
  });

  test('is none when the newest sample is blind, or nothing was seen', () => {
    const history = createHistory(tiers);
    expect(history.growth(0, 9_000)).toEqual([]);
    history.record(1_000, counts({ site: 1 }));
    history.record(2_000, null);
    expect(history.growth(0, 9_000)).toEqual([]);
  });
});
