import type { ConnectionOptions } from 'node:tls';
import type { DatabaseConfig, DatabaseSecrets } from './config/config.ts';
import type { Clock } from './model/clock.ts';
import type { DatabaseActions } from './model/database-actions.ts';
import type { DatabaseRecovery, PoolerConsole } from './model/database-recovery.ts';
import type { DatabaseSource } from './model/database-source.ts';
import type { Log } from './model/log.ts';
import { createActionSession } from './postgres/action-session.ts';
import { createDatabaseActions } from './postgres/create-database-actions.ts';
import { createDatabaseRecovery } from './postgres/create-database-recovery.ts';
import { createDatabaseSource } from './postgres/create-database-source.ts';
import { createPoolerConsole } from './postgres/pooler-console.ts';
import { DEFAULT_TIMEOUTS } from './postgres/timeouts.ts';

export interface DatabaseLogin {
  readonly database: Pick<DatabaseConfig, 'connection' | 'canary' | 'pgbouncer'>;
  /** `connection.ssl` of the server and of its pooler, their files read; absent means plaintext. */
  readonly tls:
    | { readonly server: ConnectionOptions | undefined; readonly pooler: ConnectionOptions | undefined }
    | undefined;
  readonly secrets: DatabaseSecrets | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

/** Everything that talks to one server, and to its pooler: two held sessions, one to look and one to act (product.md §5). */
export function openDatabase({ database, tls, secrets, clock, log }: DatabaseLogin): {
  readonly source: DatabaseSource;
  /** Its `close` ends the session through which `recovery` acts, too. */
  readonly actions: DatabaseActions;
  readonly recovery: DatabaseRecovery;
  readonly pooler: PoolerConsole | null;
} {
  const login = {
    connection: { ...database.connection, password: secrets?.password?.reveal(), ssl: tls?.server },
    canary: database.canary && { ...database.canary, password: secrets?.canaryPassword?.reveal() },
    clock,
    log,
    random: Math.random,
  };
  const pgbouncer = database.pgbouncer && {
    ...database.pgbouncer.connection,
    password: secrets?.pgbouncerPassword?.reveal(),
    ssl: tls?.pooler,
  };
  const session = createActionSession(login);
  return {
    source: createDatabaseSource(login),
    actions: createDatabaseActions({ ...login, pgbouncer }, session),
    recovery: createDatabaseRecovery(login, session),
    pooler: pgbouncer ? createPoolerConsole(pgbouncer, { clock, answerMs: DEFAULT_TIMEOUTS.connectMs }) : null,
  };
}
