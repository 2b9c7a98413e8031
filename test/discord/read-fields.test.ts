import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readFields } from '../../src/discord/interaction.ts';

const text = (custom_id: string, value: string) => ({ type: 4, custom_id, value });

it.each([
  [
    'in labels',
    [
      { type: 18, component: text('a', '1') },
      { type: 18, component: text('b', '2') },
    ],
  ],
  [
    'in rows',
    [
      { type: 1, components: [text('a', '1')] },
      { type: 1, components: [text('b', '2')] },
    ],
  ],
  ['bare', [text('a', '1'), text('b', '2')]],
  [
    'beside what it does not know',
    [{ type: 10, content: 'words' }, null, { type: 18, component: { type: 19, custom_id: 'f', values: ['9'] } }].concat(
      [{ type: 1, components: [text('a', '1'), text('b', '2')] } as never],
    ),
  ],
])('what was typed is read %s', (_, components) => {
  expect(readFields(components)).toEqual({ a: '1', b: '2' });
});

it('a field of a hostile name is a field like any other', () => {
  const fields = readFields([text('__proto__', 'x')]);
  expect(Object.keys(fields)).toEqual(['__proto__']);
  expect(Object.getPrototypeOf(fields)).toBe(Object.prototype);
});

it('no text is longer than Discord lets anybody type', () => {
  expect(readFields([text('a', 'x'.repeat(5_000))])['a']).toHaveLength(4_000);
});

it('components in any form at all are read without a fault', () => {
  fc.assert(fc.property(fc.jsonValue({ maxDepth: 6 }), (components) => void readFields(components)));
});
