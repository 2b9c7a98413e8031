import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { databaseStatement, roleStatements } from '../../sandbox/postgres/seed.ts';
import { type Login, type RunningPostgres, startPostgres } from '../../sandbox/postgres/start-postgres.ts';
import { findSystemServers } from '../../sandbox/postgres/system-servers.ts';

/** One PostgreSQL to run the SQL tests on. */
export interface ServerKind {
  readonly label: string;
  readonly binaries: string;
}

/**
 * What `describe.each` goes through: PostgreSQL 18 from npm, and every server that the system happens to have. A bare
 * machine has none, which is no fault (not even with REQUIRE_ALL): the matrix is then one column wide.
 */
export const SERVER_KINDS: readonly ServerKind[] = [
  { label: 'PostgreSQL 18 (npm)', binaries: 'npm' },
  ...findSystemServers().map(({ major, bin }) => ({ label: `PostgreSQL ${major} (system)`, binaries: bin })),
];

/**
 * The server that all tests of this worker share, started by the first that asks. Its keeper ends it with the worker. For
 * tests that fill, freeze or kill a server: startPostgres, a server of their own.
 */
export function sharedPostgres(binaries = 'npm'): Promise<RunningPostgres> {
  const started = sharedServers().get(binaries) ?? startPostgres({ binaries, settings: { max_connections: 50 } });
  sharedServers().set(binaries, started);
  return started;
}

/** On globalThis, since a test run may load this module more than once per worker. */
function sharedServers(): Map<string, Promise<RunningPostgres>> {
  const key = Symbol.for('breakwater.test.shared-postgres');
  const holder = globalThis as { [key]?: Map<string, Promise<RunningPostgres>> };
  holder[key] ??= new Map();
  return holder[key];
}

/** A database and an ordinary role of one test file on the shared server. */
export interface TestDatabase {
  readonly server: RunningPostgres;
  /** The owner: an ordinary role. */
  readonly owner: Login;
  /** The superuser, in this database. */
  readonly superuser: Login;
  close(): Promise<void>;
}

export async function createTestDatabase({ binaries = 'npm' } = {}): Promise<TestDatabase> {
  const server = await sharedPostgres(binaries);
  const name = `t_${randomBytes(6).toString('hex')}`;
  const password = randomBytes(8).toString('hex');
  await runSql(server.superuser, ...roleStatements({ name, password }), databaseStatement({ name, owner: name }));
  return {
    server,
    owner: { ...server.superuser, user: name, password, database: name },
    superuser: { ...server.superuser, database: name },
    close: () => runSql(server.superuser, `drop database ${name} with (force)`, `drop role ${name}`),
  };
}

/** Runs statements one after the other on a connection of their own. */
export async function runSql(login: Login, ...statements: readonly string[]): Promise<void> {
  const client = await connectClient(login);
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

/** A plain pg client that survives the loss of its server; the caller ends it. */
export async function connectClient(login: Login & { readonly applicationName?: string }): Promise<Client> {
  const { applicationName, ...where } = login;
  const client = new Client({ ...where, ssl: false, application_name: applicationName ?? 'test' });
  client.on('error', () => {}); // The tests end servers under their clients.
  await client.connect();
  return client;
}
