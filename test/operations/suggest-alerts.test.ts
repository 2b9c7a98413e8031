import { expect, test } from 'vitest';
import { suggestAlerts } from '../../src/operations/suggest-alerts.ts';

const foreign = { id: 'a1b2c3d4e5', key: 'alertmanager · main · HighMemory c6eadffa33fc' };

test.each(['', 'highmem', 'HIGHMEM', 'a1b2'])(
  '%j finds an alert whatever the case of its name, and by its id',
  (typed) => {
    expect(suggestAlerts([foreign], typed)).toEqual([foreign.key]);
  },
);

test('what is not typed is not suggested', () => {
  expect(suggestAlerts([foreign], 'disk')).toEqual([]);
});

test('an alert whose key is no possible choice is suggested by its id', () => {
  const long = { id: 'f00', key: `alertmanager · main · ${'x'.repeat(120)}` };
  expect(suggestAlerts([long], 'xx')).toEqual(['f00']);
});
