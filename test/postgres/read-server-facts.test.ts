import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningPostgres, startPostgres } from '../../sandbox/postgres/start-postgres.ts';
import type { ServerFacts } from '../../src/model/server-facts.ts';
import { connectSource, untilHeld } from '../support/database-source.ts';
import { runSql } from '../support/postgres.ts';

let server: RunningPostgres;
beforeAll(async () => {
  const memberOf = ['pg_monitor', 'pg_signal_backend', 'pg_use_reserved_connections'];
  server = await startPostgres({
    settings: { max_connections: 20, superuser_reserved_connections: 3, reserved_connections: 5 },
    roles: [{ name: 'breakwater', password: 'bot-secret', memberOf }],
  });
});
afterAll(() => server.close());

async function readFacts(): Promise<ServerFacts> {
  const { source } = connectSource(server);
  await untilHeld(source);
  const facts = source.server();
  await source.close();
  if (!facts.ok) throw new Error(facts.reason);
  return facts.value;
}

it('finds the reserved slots of PostgreSQL 16 and later, and nothing missing with all three grants', async () => {
  expect(await readFacts()).toMatchObject({
    capacity: { max: 20, superuserReserved: 3, reserved: 5 },
    missingPrivileges: [],
  });
});

it('does not take a grant for a privilege that the role does not inherit', async () => {
  await runSql(
    server.superuser,
    ...['pg_monitor', 'pg_signal_backend', 'pg_use_reserved_connections'].map(
      (role) => `grant ${role} to breakwater with inherit false`,
    ),
  );
  const { missingPrivileges } = await readFacts();
  expect(missingPrivileges.map(({ privilege }) => privilege)).toEqual([
    'pg_monitor',
    'pg_signal_backend',
    'reserved slots',
  ]);
});
