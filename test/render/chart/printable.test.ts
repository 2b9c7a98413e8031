import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { printable } from '../../../src/render/chart/printable.ts';

describe('printable', () => {
  test.each([
    ['leaves plain names alone', 'moderation-bot', 'moderation-bot'],
    ['leaves other scripts alone', 'مرحبا Привет 日本語', 'مرحبا Привет 日本語'],
    ['takes the direction marks away', '\u202eexe.png\u2066\u200f', 'exe.png'],
    ['takes control characters away', 'a\u0000b\u0007c\u001b[31m', 'abc[31m'],
    ['takes zero-width characters away', 's\u200bi\u200dt\ufeffe', 'site'],
    ['takes lone surrogates away', 'a\ud83db\udc00', 'ab'],
    ['keeps one combining mark of a tower', 'x\u0302\u0303\u0304\u0305', 'x\u0302'],
    ['makes one line of many', 'a\n\r\n\tb\u2028c', 'a b c'],
    ['names what has nothing to show', '\u200b\u0000', '(unprintable)'],
  ])('%s', (_, text, expected) => {
    expect(printable(text)).toBe(expected);
  });

  test('has no control, format, surrogate or unassigned character left, and an end', () => {
    const any = fc.string({
      unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
      maxLength: 900,
    });
    fc.assert(
      fc.property(any, (text) => {
        const clean = printable(text);
        expect(clean).not.toMatch(/\p{C}|[\n\r\t\u2028\u2029]/u);
        expect(clean.length).toBeLessThanOrEqual(400);
      }),
    );
  });
});
