import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { renderSetupSql } from '../../src/check/setup-sql.ts';
import { connectClient, runSql, sharedPostgres } from '../support/postgres.ts';
import { EVERYTHING } from './facts.ts';

const [main] = EVERYTHING.databases;

it('makes the two roles, grants what the bot needs, and suggests the limits', () => {
  const sql = renderSetupSql(main);
  for (const line of [
    'create role "breakwater" login;',
    'grant pg_monitor to "breakwater";',
    'grant pg_signal_backend to "breakwater";',
    'grant pg_use_reserved_connections to "breakwater";',
    'create role "canary" login connection limit 2;',
    '--   alter role "site" connection limit 40;',
    '--   ALTER ROLE "breakwater" CREATEROLE;\n--   GRANT "site" TO "breakwater"\n--     WITH ADMIN TRUE, INHERIT FALSE, SET FALSE;',
    '--   \\password "breakwater"\n--   \\password "canary"',
  ])
    expect(sql).toContain(line);
});

it('breaks its comments for 80 columns', () => {
  expect(
    renderSetupSql(main)
      .split('\n')
      .filter((line) => line.length > 80),
  ).toEqual([]);
});

it('makes no canary where none is configured', () => {
  expect(renderSetupSql({ ...main, canary: undefined })).not.toContain('canary');
});

it('knows no password, and sets none', () => {
  expect(renderSetupSql(main)).not.toMatch(/a-password|another|password '/);
});

describe('whatever a role is called', () => {
  it('its name stays within its quotes', () => {
    const name = fc.string({
      unit: fc.constantFrom('"', "'", '$', 'b', '1', ';', '-', ' ', '\\'),
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(name, (user) => {
        const sql = renderSetupSql({ ...main, connection: { user }, canary: undefined, applications: [] });
        const [, tag = '', body = ''] = /^do (\$\w*\$)\n([^]*?)\nend\n\1;$/mu.exec(sql) ?? [];
        return tag !== '' && body.includes(`create role "${user.replaceAll('"', '""')}" login;`);
      }),
    );
  });

  test('a server takes it, twice', async () => {
    const server = await sharedPostgres();
    const names = [`bot $$'";--`, `canary $b1$ $$ '`];
    const [bot = '', canary = ''] = names;
    const applications = [{ name: 'x', match: { user: '"; drop table x; --' }, limit: 3 }];
    const sql = renderSetupSql({ connection: { user: bot }, canary: { user: canary }, applications });
    await runSql(server.superuser, sql, sql);
    const client = await connectClient(server.superuser);
    try {
      const { rows } = await client.query('select rolname from pg_roles where rolname = any($1)', [names]);
      expect(rows).toHaveLength(2);
    } finally {
      for (const name of names) await client.query(`drop role "${name.replaceAll('"', '""')}"`);
      await client.end();
    }
  });
});
