import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createHistory } from '../../src/model/history.ts';

const counts = (entries: Record<string, number>) => new Map(Object.entries(entries));

describe('history', () => {
  const perSecond = () => createHistory({ bucketMs: 1000, spanMs: 60_000 });

  test('gives back what was recorded, oldest first', () => {
    const history = perSecond();
    history.record(2000, counts({ site: 2 }));
    history.record(1000, counts({ site: 1, bot: 4 }));
    expect(history.window(0, 9000)).toEqual([
      { at: 1000, counts: counts({ bot: 4, site: 1 }) },
      { at: 2000, counts: counts({ site: 2 }) },
    ]);
  });

  test('keeps the sample with the highest total of a bucket', () => {
    const history = perSecond();
    for (const [at, site] of [
      [1000, 10],
      [1250, 97],
      [1500, 12],
    ] as const) {
      history.record(at, counts({ site }));
    }
    expect(history.window(0, 9000)).toEqual([{ at: 1250, counts: counts({ site: 97 }) }]);
  });

  test('keeps a count over a blind sample of the same bucket, in either order', () => {
    const history = perSecond();
    history.record(1000, null);
    history.record(1100, counts({}));
    history.record(2000, counts({ site: 1 }));
    history.record(2100, null);
    expect(history.window(0, 9000)).toEqual([
      { at: 1100, counts: counts({}) },
      { at: 2000, counts: counts({ site: 1 }) },
    ]);
  });

  test('remembers that it was blind', () => {
    const history = perSecond();
    history.record(1000, null);
    expect(history.window(0, 9000)).toEqual([{ at: 1000, counts: null }]);
  });

  test('goes on after the clock jumped a day ahead and back', () => {
    const history = perSecond();
    history.record(86_400_000, counts({ site: 9 }));
    for (let at = 1000; at <= 61_000; at += 1000) history.record(at, counts({ site: 1 }));
    expect(history.window(1000, 61_000)).toHaveLength(61);
  });

  test('counts the smallest together when a sample names too many applications', () => {
    const history = createHistory({ bucketMs: 1000, spanMs: 2000, applicationsPerPoint: 3 });
    history.record(0, counts({ a: 1, b: 20, c: 30, d: 2 }));
    history.record(1000, counts({ other: 50, a: 40, b: 3, c: 4 }));
    expect(history.window(0, 1000).map(({ counts }) => counts)).toEqual([
      counts({ b: 20, c: 30, other: 3 }),
      counts({ a: 40, other: 57 }),
    ]);
  });

  test.each([
    [0, 1000],
    [-1, 1000],
    [1000, 999],
    [Number.NaN, 1000],
    [1000, Number.POSITIVE_INFINITY],
  ])('refuses buckets of %d ms over %d ms', (bucketMs, spanMs) => {
    expect(() => createHistory({ bucketMs, spanMs })).toThrow(RangeError);
  });

  test('refuses a sample without a time', () => {
    expect(() => perSecond().record(Number.NaN, null)).toThrow(RangeError);
  });

  const sample = fc.option(fc.dictionary(fc.string({ maxLength: 3 }), fc.nat(200), { maxKeys: 6 }), { freq: 6 });

  test('holds, of every bucket within its span, exactly the highest total that was recorded', () => {
    const steps = fc.array(fc.tuple(fc.nat(2500), sample), { maxLength: 60 });
    fc.assert(
      fc.property(fc.integer({ min: -1e6, max: 2e12 }), steps, (start, samples) => {
        const history = createHistory({ bucketMs: 1000, spanMs: 10_000 });
        const best = new Map<number, number | null>();
        let at = start;
        for (const [stepMs, entries] of samples) {
          at += stepMs;
          history.record(at, entries && counts(entries));
          const total = entries && Object.values(entries).reduce((sum, count) => sum + count, 0);
          const bucket = Math.floor(at / 1000);
          const held = best.get(bucket) ?? null;
          best.set(bucket, total === null ? held : Math.max(held ?? 0, total));
        }
        const points = history.window(at - 10_000, at);
        const totals = new Map(
          points.map((point) => [
            Math.floor(point.at / 1000),
            point.counts && [...point.counts.values()].reduce((sum, count) => sum + count, 0),
          ]),
        );
        const isWhole = (bucket: number) => bucket > Math.floor((at - 10_000) / 1000);
        const expected = [...best].filter(([bucket]) => isWhole(bucket));
        expect([...totals].filter(([bucket]) => isWhole(bucket))).toEqual(expected);
      }),
    );
  });

  test('never holds more points than its span has buckets, whatever times come in', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer(), sample), { maxLength: 80 }), (samples) => {
        const history = createHistory({ bucketMs: 1000, spanMs: 10_000 });
        for (const [at, entries] of samples) history.record(at, entries && counts(entries));
        const points = history.window(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
        expect(points.length).toBeLessThanOrEqual(11);
        expect(points.map(({ at }) => at)).toEqual(points.map(({ at }) => at).sort((a, b) => a - b));
      }),
    );
  });
});
