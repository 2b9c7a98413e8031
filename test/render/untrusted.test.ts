import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cut, stripInvisible } from '../../src/model/plain-text.ts';
import { escapeUntrusted, plainUntrusted, proseUntrusted } from '../../src/render/untrusted.ts';

describe('hostile text in Discord Markdown', () => {
  it.each([
    ['@everyone', '\\@\u2060everyone'],
    ['<@&123> <#4> <t:0>', '\\<\\@\u2060&123\\> \\<#4\\> \\<t:0\\>'],
    ['`rm -rf`', '\\`rm -rf\\`'],
    [
      '**bold** __under__ ~~gone~~ ||spoiler||',
      '\\*\\*bold\\*\\* \\_\\_under\\_\\_ \\~\\~gone\\~\\~ \\|\\|spoiler\\|\\|',
    ],
    ['[click](https://evil.example)', '\\[click\\](https\\://evil.example)'],
    ['# heading', '\\# heading'],
    ['- item', '\\- item'],
    ['1. item', '1\\. item'],
    ['10.2.0.5', '10.2.0.5'],
    ['kill-stale of 10.2.0.5', 'kill-stale of 10.2.0.5'],
    ['a\u202Egnp.exe', 'a gnp.exe'],
    ['two\nlines\u0000', 'two lines'],
  ])('%s is shown as itself', (text, expected) => {
    expect(escapeUntrusted(text)).toBe(expected);
  });

  it('never leaves a mention, a mark or a control character that Discord would act on', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const safe = escapeUntrusted(text);
        const unescaped = safe.replaceAll(/\\[^0-9A-Za-z\s]/g, '');
        expect(unescaped).not.toMatch(/[`*_~|<>[\]@]|:\/\//);
        expect(safe).not.toMatch(/@(everyone|here)/);
        expect(safe).not.toMatch(/\p{Cc}/u);
      }),
    );
  });

  it('shows the same characters to a reader as the text had', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (text) => {
        const seen = escapeUntrusted(text)
          .replaceAll('\u2060', '')
          .replaceAll(/\\([^0-9A-Za-z\s])/g, '$1');
        expect(seen).toBe(stripInvisible(text));
      }),
    );
  });
});

describe('sentences of our own with hostile names in them', () => {
  it.each([
    ['Not `kill-stale`: use `pg_ctl stop -m fast`', 'Not `kill-stale`: use `pg_ctl stop -m fast`'],
    ['it stands in <#123456789012345678>', 'it stands in <#123456789012345678>'],
    ['`<@1>` `@here` <@&123456789012345678> <#1>', escapeUntrusted('`<@1>` `@here` <@&123456789012345678> <#1>')],
    ['one ` alone, **bold**', 'one \\` alone, \\*\\*bold\\*\\*'],
  ])('%s', (text, expected) => {
    expect(proseUntrusted(text)).toBe(expected);
  });

  it('have no Markdown but code of plain words and channels', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('`', '\\', '*', '_', 'a', ' ', '<', '#', '@', '>'), maxLength: 40 }),
        (text) => {
          const left = proseUntrusted(text)
            .replaceAll(/\\[^0-9A-Za-z\s]/g, '')
            .replaceAll(/`[\w .:/=-]+`/g, '');
          expect(left).not.toMatch(/[`*_~|<>[\]@]/);
        },
      ),
    );
  });
});

describe('cutting text', () => {
  it('keeps within its length and never splits a surrogate pair', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 30 }), (text, length) => {
        const short = cut(text, length);
        expect(short.length).toBeLessThanOrEqual(Math.max(length, 1));
        expect(short.isWellFormed()).toBe(true);
      }),
    );
  });

  it('says with an ellipsis that something went', () => {
    expect(plainUntrusted('a'.repeat(101))).toBe(`${'a'.repeat(99)}…`);
  });
});
