import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { createSecret } from '../../src/model/secret.ts';

const secret = createSecret('correct horse');

it('gives its value to those who ask by name', () => {
  expect(secret.reveal()).toBe('correct horse');
});

it.each([
  ['a text', String(secret)],
  ['JSON', JSON.stringify({ secret })],
  ['inspection', inspect({ secret }, { depth: 9, showHidden: true })],
  ['its properties', JSON.stringify(Object.values(secret).map(String))],
])('does not show its value in %s', (_where, shown) => {
  expect(shown).not.toContain('correct horse');
});

it('says that something is there', () => {
  expect(JSON.stringify({ secret })).toBe('{"secret":"[redacted]"}');
  expect(inspect(secret)).toBe('[redacted]');
});
