import { expect, test } from 'vitest';
import { formatRise, formatTimeToFull } from '../../src/model/forecast-words.ts';

test.each([
  [1, '10 s'],
  [44_000, '40 s'],
  [94_000, '1 min 30 s'],
  [250_000, '4 min'],
  [70 * 60_000, '1 h 10 min'],
])('%d ms to exhaustion is said as %s', (inMs, words) => {
  expect(formatTimeToFull(inMs)).toBe(words);
});

test.each([
  [0.84, 'rising by 0.8 a minute'],
  [2, 'rising by 2 a minute'],
  [6.13, 'rising by 6 a minute'],
])('a rate of %d is said as %s', (perMinute, words) => {
  expect(formatRise(perMinute)).toBe(words);
});
