import { expect, test } from 'vitest';
import { internNames } from '../../src/model/history-names.ts';

test('the list of the previous sample serves again while the same applications are connected', () => {
  const previous = ['bot', 'site'];
  expect(internNames(['bot', 'site'], previous)).toBe(previous);
});

test('another set of applications makes a list of its own', () => {
  expect(internNames(['bot', 'metabase', 'site'], ['bot', 'site'])).toEqual(['bot', 'metabase', 'site']);
  expect(internNames([], ['bot'])).toEqual([]);
});
