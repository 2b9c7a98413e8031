import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeCsv } from '../../src/render/csv.ts';

/** With the byte order mark, which the decoder would take away. */
const read = (file: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(file);

/** A reader as RFC 4180 describes it, written apart from the writer. */
function parse(text: string): string[][] {
  const rows: string[][] = [];
  let cells: string[] = [];
  let rest = text;
  while (rest !== '') {
    const [all = '', quoted, plain = '', end = ''] = /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/.exec(rest) ?? [];
    if (all === '') throw new Error(`no record: ${rest.slice(0, 40)}`);
    cells.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === '\r\n') {
      rows.push(cells);
      cells = [];
    }
    rest = rest.slice(all.length);
  }
  return rows;
}

describe('writing CSV', () => {
  it('ends each record with CRLF, quotes what needs it, and begins with a byte order mark', () => {
    const file = writeCsv(
      ['a', 'b'],
      [
        ['x,y', 'he said "no"'],
        ['two\nlines', null],
        [3, 'é'],
      ],
    );
    expect(read(file)).toBe('\uFEFFa,b\r\n"x,y","he said ""no"""\r\n"two\nlines",\r\n3,é\r\n');
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '\uFF1D1+1'])(
    'lets no spreadsheet run %j',
    (cell) => {
      expect(parse(read(writeCsv(['a'], [[cell]])).slice(1))).toEqual([['a'], [`'${cell}`]]);
    },
  );

  it('leaves numbers as they are, negative ones too', () => {
    expect(read(writeCsv(['a'], [[-5]]))).toContain('\r\n-5\r\n');
  });

  it('gives back what it was given, whatever that is', () => {
    const cell = fc.oneof(fc.string({ unit: fc.constantFrom('"', ',', '\r', '\n', 'a', '=', ' ', 'é') }), fc.nat());
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1 }), (rows) => {
        const [, ...parsed] = parse(read(writeCsv(['a', 'b'], rows)).slice(1));
        const expected = rows.map((row) => row.map((each) => String(each).replace(/^(?=[=\r\n])/, "'")));
        expect(parsed).toEqual(expected);
      }),
    );
  });
});
