import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { findClosest } from '../../src/model/did-you-mean.ts';

const KEYS = ['applicationId', 'guildId', 'channels', 'roles', 'port', 'host'];

it.each([
  ['chanels', 'channels'],
  ['guild_id', 'guildId'],
  ['application-id', 'applicationId'],
  ['prot', 'port'],
  ['hots', 'host'],
  ['Roles', 'roles'],
])('takes %s for %s', (word, meant) => {
  expect(findClosest(word, KEYS)).toBe(meant);
});

it('tells two words of one family apart', () => {
  expect(findClosest('connections-rising', ['connections-total'])).toBeNull();
});

it.each(['', 'zzz', 'kubernetes', 'xy'])('takes %j for nothing', (word) => {
  expect(findClosest(word, KEYS)).toBeNull();
});

it('finds every word itself, whatever else there is', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1 }), (words) => {
      for (const word of words) expect(findClosest(word, words)).toBe(word);
    }),
  );
});
