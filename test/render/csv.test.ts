import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CsvCell, writeCsv } from '../../src/render/csv.ts';

/** Without the byte order mark, which TextDecoder takes away. */
const write = (header: readonly string[], rows: readonly (readonly CsvCell[])[]) =>
  new TextDecoder().decode(writeCsv(header, rows));

describe('a CSV document', () => {
  it('has a header and ends each line as RFC 4180 says', () => {
    expect(write(['pid', 'name'], [[1, 'site']])).toBe('pid,name\r\n1,site\r\n');
  });

  it.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\tx', '"\'\tx"'],
    ['\r=1', '"\'\r=1"'],
    ['=HYPERLINK("x","y")', '"\'=HYPERLINK(""x"",""y"")"'],
  ])('runs nothing for %j', (hostile, written) => {
    expect(write(['a'], [[hostile]])).toBe(`a\r\n${written}\r\n`);
  });

  it.each([
    ['a,b', '"a,b"'],
    ['say "x"', '"say ""x"""'],
    ['two\nlines', '"two\nlines"'],
    ['a;b', '"a;b"'],
    [' x', '" x"'],
    [null, ''],
    [-1.5, '-1.5'],
    [Number.NaN, ''],
  ])('writes %j as one cell', (cell, written) => {
    expect(write(['a'], [[cell]])).toBe(`a\r\n${written}\r\n`);
  });

  it('gives every text back, but for the apostrophe that keeps it from running', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 4 }), (cells) => {
        const [, row = []] = readCsv(write(['header'], [cells]));
        expect(row.map((cell) => cell.replace(/^'(?=[=+\-@\t\r\n])/, ''))).toEqual(
          cells.map((cell) => cell.replace(/^'(?=[=+\-@\t\r\n])/, '')),
        );
        expect(row.filter((cell) => /^[=+\-@\t\r\n]/.test(cell))).toEqual([]);
      }),
    );
  });
});

/** As RFC 4180 reads it. */
function readCsv(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy)) {
    row.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}
