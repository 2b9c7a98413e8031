import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kubectl, psql, psqlWith } from '../../src/recovery/manual-commands.ts';
import capRole from '../../src/recovery/steps/cap-role.ts';
import { SERVER } from '../support/gentle-rungs.ts';
import { readWords } from '../support/shell-words.ts';

/** What a shell, psql or PostgreSQL would take for something else; NUL can stand in no name. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1 }).filter((text) => !text.includes('\0') && text.isWellFormed()),
  fc.constantFrom(
    "';drop role x;--",
    '"; drop role x; --',
    '$(touch x)',
    '`id`',
    "a'b",
    'a\\',
    '-rf',
    '!!',
    '~',
    '*',
    ':x',
    'ö',
  ),
);

describe('a command that is copied into a shell', () => {
  it('says to kubectl what it was given, whatever that is', () => {
    fc.assert(
      fc.property(fc.array(hostile, { maxLength: 4 }), (words) => {
        expect(readWords(kubectl(...words))).toEqual(words);
      }),
      { numRuns: 60 },
    );
  });

  it('hands a hostile role name to psql as one identifier', () => {
    fc.assert(
      fc.property(hostile, (role) => {
        const run = capRole.manual({ role, to: 32, server: SERVER }).at(-1)?.run ?? '';
        expect(readWords(run).at(-1)).toBe(`ALTER ROLE "${role.replaceAll('"', '""')}" CONNECTION LIMIT 32`);
      }),
      { numRuns: 60 },
    );
  });

  it('hands hostile servers, statements and values to psql', () => {
    fc.assert(
      fc.property(hostile, hostile, hostile, (host, sql, value) => {
        const server = { host, port: 5432, database: 'site' };
        const where = ['-X', '-h', host, '-p', '5432', '-U', 'postgres', '-d', 'site'];
        expect(readWords(psql(server, sql))).toEqual([...where, '-c', sql]);
        const piped = psqlWith(server, { name: 'address', value }, sql);
        expect(readWords(piped)).toEqual([...where, '-v', `address=${value}`]);
        expect(readWords(piped, 'cat')).toEqual([`${sql};\n`]);
      }),
      { numRuns: 40 },
    );
  });

  it('asks psql as whom PGUSER says', () => {
    const words = execFileSync('sh', ['-c', `psql() { echo "$*"; }; ${psql(SERVER, 'select 1')}`], {
      env: { PGUSER: 'admin' },
      encoding: 'utf8',
    });
    expect(words).toContain('-U admin');
  });
});
