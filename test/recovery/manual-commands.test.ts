import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kubectl, psql, quoteShell } from '../../src/recovery/manual-commands.ts';
import { endSessions, listSessions } from '../../src/recovery/manual-sessions.ts';
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
        expect(readWords(kubectl(null, ...words))).toEqual(words);
        expect(readWords(kubectl('n', ...words))).toEqual(['-n', 'n', ...words]);
      }),
      { numRuns: 60 },
    );
  });

  it('hands hostile servers, scripts and values to psql as they are', () => {
    fc.assert(
      fc.property(hostile, hostile, hostile, (host, script, value) => {
        const server = { host, port: 5432, database: 'site' };
        const run = psql(server, script, { address: quoteShell(value) });
        const where = ['-X', '-v', 'ON_ERROR_STOP=1', '-h', host, '-p', '5432', '-U', 'postgres', '-d', 'site'];
        expect(readWords(run)).toEqual([...where, '-v', `address=${value}`]);
        expect(readWords(run, 'cat')).toEqual([`${script}\n`]);
      }),
      { numRuns: 40 },
    );
  });

  it('lets no script out of what psql reads', () => {
    const script = "select 'a\nSQL\nSQL_\n'; echo out";
    expect(readWords(psql(SERVER, script), 'cat')).toEqual([`${script}\n`]);
  });

  it('says nothing that an interactive shell would take for its history', () => {
    const scope = { owners: null, protect: ['pg_dump'], where: 'true' };
    expect(`${listSessions(scope)} ${endSessions(scope)}`).not.toContain('!');
  });

  it('asks psql as whom PGUSER says', () => {
    const words = execFileSync('sh', ['-c', `psql() { echo "$*"; }; ${psql(SERVER, 'select 1')}`], {
      env: { PGUSER: 'admin' },
      encoding: 'utf8',
    });
    expect(words).toContain('-U admin');
  });
});
