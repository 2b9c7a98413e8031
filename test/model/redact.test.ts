import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor, listSecretForms } from '../../src/model/redact.ts';

const SECRET = 'cor*rect_horse battery';
const asMarkdown = (text: string): string => text.replace(/[*_]/g, (mark) => `\\${mark}`);
const redactor = createRedactor(listSecretForms([SECRET], [asMarkdown]));

describe('the redactor', () => {
  it.each([
    ['as it is', SECRET],
    ['in a URL', encodeURIComponent(SECRET)],
    ['in Markdown', asMarkdown(SECRET)],
  ])('hides a secret %s', (_, form) => {
    expect(redactor.text(`before ${form} after`)).toBe('before [redacted] after');
  });

  it('hides the beginning of a secret that a renderer cut', () => {
    expect(redactor.text('password is cor*rect_h… (7 more) and cor*rect… (cut)')).toBe(
      'password is [redacted]… (7 more) and [redacted]… (cut)',
    );
    expect(redactor.text('a core… stays')).toBe('a core… stays');
  });

  it('looks into every part of a value, its keys too, and leaves the rest as it is', () => {
    const data = new Uint8Array([1]);
    const value = { a: [SECRET, 1, null], [SECRET]: { b: `x${SECRET}` }, custom_id: `db:${SECRET}`, data };
    expect(redactor.value(value)).toEqual({
      a: ['[redacted]', 1, null],
      '[redacted]': { b: 'x[redacted]' },
      custom_id: `db:${SECRET}`,
      data,
    });
  });

  it('takes the token of a secret URL for a secret', () => {
    const url = 'https://discord.com/api/webhooks/1234/a-long-token?wait=true';
    expect(createRedactor(listSecretForms([url])).text('token a-long-token')).toBe('token [redacted]');
  });

  it('leaves words alone that are shorter than any secret worth the name', () => {
    expect(createRedactor(listSecretForms(['a', 'abc', ''])).text('an abc')).toBe('an abc');
  });

  it('lets no secret through, wherever it stands', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 6 }), fc.string(), fc.string(), (secret, before, after) => {
        const hidden = createRedactor(listSecretForms([secret])).text(before + secret + after);
        fc.pre(!`${before}[redacted]${after}`.includes(secret));
        expect(hidden).not.toContain(secret);
      }),
    );
  });
});
