import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeMarkdown } from '../../src/incidents/escape-markdown.ts';
import { stripInvisible } from '../../src/model/plain-text.ts';

describe('hostile text in a Markdown file', () => {
  it.each([
    ['pg_dump and 10.2.0.5', 'pg_dump and 10.2.0.5'],
    ['_under_', '\\_under\\_'],
    ['# heading', '\\# heading'],
    ['---', '\\---'],
    ['===', '\\==='],
    [':--', '\\:--'],
    ['1. item', '1\\. item'],
    ['> quote', '\\> quote'],
    ['a | b', 'a \\| b'],
    ['ends with \\', 'ends with \\\\'],
    ['<script>', '\\<script>'],
    ['&lt;b&gt;', '\\&lt;b\\&gt;'],
    ['R&D', 'R&D'],
    ['[click](https://evil.example)', '\\[click\\](https:\u2060//evil.example)'],
    ['www.evil.example', 'www\u2060.evil.example'],
    ['_www.evil.example', '\\_www\u2060.evil.example'],
    ['@octocat', '@\u2060octocat'],
    ['two\nlines', 'two lines'],
    ['$x$', '\\$x\\$'],
  ])('%s is shown as itself', (text, expected) => {
    expect(escapeMarkdown(text)).toBe(expected);
  });

  it('shows the same characters to a reader as the text had', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (text) => {
        const seen = escapeMarkdown(text)
          .replaceAll('\u2060', '')
          .replaceAll(/\\([^0-9A-Za-z\s])/g, '$1');
        expect(seen).toBe(stripInvisible(text));
      }),
    );
  });

  it('is one line of the length it may have', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        expect(escapeMarkdown(text, 50).replaceAll(/\\(?=[^\\])|\u2060/g, '')).toMatch(/^.{0,100}$/u);
      }),
    );
  });
});
