import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { spanInWords, timeTicks } from '../../../src/render/chart/time-axis.ts';

const NOW = Date.UTC(2020, 11, 11, 13, 24);
const ROOM = { withSeconds: 5, withMinutes: 7 };

describe('time ticks', () => {
  test.each([
    ['20 s', 20_000, ['13:23:40', '13:23:45', '13:23:50', '13:23:55', '13:24:00']],
    ['30 s', 30_000, ['13:23:30', '13:23:40', '13:23:50', '13:24:00']],
    ['5 min', 300_000, ['13:19', '13:20', '13:21', '13:22', '13:23', '13:24']],
    ['30 min', 1_800_000, ['12:55', '13:00', '13:05', '13:10', '13:15', '13:20']],
    ['2 h', 7_200_000, ['11:30', '12:00', '12:30', '13:00']],
    ['6 h', 21_600_000, ['08:00', '09:00', '10:00', '11:00', '12:00', '13:00']],
    ['4 days', 345_600_000, ['8 Dec', '9 Dec', '10 Dec', '11 Dec']],
  ])('of %s', (_, span, expected) => {
    expect(timeTicks(NOW - span, NOW, ROOM).map(({ text }) => text)).toEqual(expected);
  });

  test('lie in the window, as many as there is room for, and never repeat', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: 1000, max: 1e12 }), (fromMs, span) => {
        const ticks = timeTicks(fromMs, fromMs + span, ROOM);
        expect(ticks.length).toBeLessThanOrEqual(7);
        for (const { at } of ticks) expect(at >= fromMs && at <= fromMs + span).toBe(true);
        const times = ticks.filter(({ text }) => text.includes(':')).map(({ text }) => text);
        expect(new Set(times).size).toBe(times.length);
      }),
    );
  });
});

describe('the span in words', () => {
  test.each([
    [30 * 60_000, '11 Dec 2020, 12:54–13:24 UTC'],
    [20_000, '11 Dec 2020, 13:23:40–13:24:00 UTC'],
    [14 * 3_600_000, '10 Dec 23:24 – 11 Dec 2020, 13:24 UTC'],
  ])('of %d ms', (span, expected) => {
    expect(spanInWords(NOW - span, NOW)).toBe(expected);
  });
});
