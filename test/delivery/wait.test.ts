import { expect, test } from 'vitest';
import { budgetLeft, isWithin, laterWait, waitLeft } from '../../src/delivery/wait.ts';

const NOW = 1_000_000;

test.each([
  ['nothing', null, 0],
  ['what has just begun', { from: NOW, forMs: 500 }, 500],
  ['half of it', { from: NOW - 250, forMs: 500 }, 250],
  ['what is over', { from: NOW - 500, forMs: 500 }, 0],
  ['a clock that stepped back by some milliseconds, which ends no wait', { from: NOW + 14, forMs: 500 }, 514],
  ['a clock that was set back, which ends it', { from: NOW + 3_600_000, forMs: 500 }, 0],
])('what is left of %s', (_, wait, left) => {
  expect(waitLeft(wait, NOW)).toBe(left);
});

test('a time in the far future is within nothing', () => {
  expect(isWithin(NOW + 3_600_000, 500, NOW)).toBe(false);
  expect(isWithin(NOW + 14, 500, NOW)).toBe(true);
  expect(isWithin(NOW - 500, 500, NOW)).toBe(false);
});

test('of two waits the one that ends later holds', () => {
  const [short, long] = [
    { from: NOW, forMs: 10 },
    { from: NOW - 5, forMs: 20 },
  ];
  expect(laterWait(short, long)).toBe(long);
  expect(laterWait(long, short)).toBe(long);
  expect(laterWait(null, short)).toBe(short);
  expect(laterWait({ from: NOW + 3_600_000, forMs: 10 }, short)).toBe(short);
});

test('a budget is a sliding window', () => {
  expect(budgetLeft([NOW - 6_000, NOW - 4_000, NOW - 1_000], 3, 5_000, NOW)).toBe(0);
  expect(budgetLeft([NOW - 4_000, NOW - 2_000, NOW - 1_000], 3, 5_000, NOW)).toBe(1_000);
});
