import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningPostgres, startPostgres } from '../../sandbox/postgres/start-postgres.ts';
import { readServerFacts } from '../../src/postgres/read-server-facts.ts';
import { connectClient, runSql, SERVER_KINDS } from '../support/postgres.ts';

const ROLES = readFileSync(new URL('../../docs/postgres-roles.sql', import.meta.url), 'utf8');

describe.each(SERVER_KINDS)('docs/postgres-roles.sql on $label', ({ binaries }) => {
  let server: RunningPostgres;

  beforeAll(async () => {
    server = await startPostgres({ binaries });
    // Twice: running it again must do no harm.
    await runSql(server.superuser, ROLES, ROLES);
    await runSql(server.superuser, `alter role breakwater password 'b'`, `alter role canary password 'c'`);
  });
  afterAll(() => server.close());

  test('gives the bot all it needs but the reserved slots, which take a restart', async () => {
    const client = await connectClient({ ...server.superuser, user: 'breakwater', password: 'b' });
    try {
      const facts = await readServerFacts(async (sql) => ({ ok: true, rows: (await client.query(sql)).rows }));
      if (!facts.ok) throw new Error(facts.reason);
      const { missingPrivileges, versionNumber } = facts.value;
      expect(missingPrivileges.map(({ privilege }) => privilege)).toEqual(['reserved slots']);
      if (versionNumber >= 160_000) expect(missingPrivileges[0]?.remedy).toMatch(/^ALTER SYSTEM[^\n]*$/u);
    } finally {
      await client.end();
    }
  });

  test('makes the canary an ordinary role', async () => {
    const client = await connectClient({ ...server.superuser, user: 'canary', password: 'c' });
    try {
      const { rows } = await client.query(`
        select
          rolsuper or rolreplication or rolcreaterole or rolcreatedb as mighty,
          exists (select from pg_auth_members where member = pg_roles.oid) as member,
          rolconnlimit as "limit"
        from pg_roles where rolname = current_user`);
      expect(rows).toEqual([{ mighty: false, member: false, limit: 2 }]);
    } finally {
      await client.end();
    }
  });
});
