import { setTimeout as delay } from 'node:timers/promises';
import type { RunningPostgres } from '../../sandbox/postgres/start-postgres.ts';
import type { DatabaseRecovery } from '../../src/model/database-recovery.ts';
import { createActionSession } from '../../src/postgres/action-session.ts';
import type { Connection } from '../../src/postgres/connect.ts';
import { createDatabaseRecovery } from '../../src/postgres/create-database-recovery.ts';
import type { DatabaseSourceOptions } from '../../src/postgres/create-database-source.ts';
import type { RunQuery } from '../../src/postgres/held-session.ts';
import { systemClock } from '../../src/time/system-clock.ts';
import { botLogin } from './database-source.ts';
import { createRecordedLog } from './recorded-log.ts';

/** The recovering side of the bot, its session held. */
export async function connectRecovery(
  server: RunningPostgres,
  options: Omit<Partial<DatabaseSourceOptions>, 'connection'> & { readonly connection?: Partial<Connection> } = {},
): Promise<{ readonly recovery: DatabaseRecovery; readonly query: RunQuery; close(): Promise<void> }> {
  const complete = {
    canary: { user: 'canary', password: 'canary-secret' },
    log: createRecordedLog(),
    clock: systemClock,
    random: () => 1,
    ...options,
    connection: { ...botLogin(server), ...options.connection },
  };
  const session = createActionSession(complete);
  const begun = performance.now();
  while (!(await session.query('select')).ok) {
    if (performance.now() - begun > 15_000) throw new Error('not connected');
    await delay(10);
  }
  const recovery = createDatabaseRecovery(complete, session);
  return { recovery, query: session.query, close: () => session.close() };
}
