import { mustRefer, refer } from './bot-place.ts';
import type { DatabaseConfig } from './config/config.ts';
import type { RecoverySettings } from './recovery/facts.ts';

/** What the configuration says of one database, as its recovery needs it: no secret is in it, and nothing is made up. */
export function readRecoverySettings(config: DatabaseConfig): RecoverySettings {
  const { name, applications, protect, connection, dependents, backup, pgbouncer, volume } = config;
  const { host, port, database } = connection;
  return {
    database: name,
    applications,
    protect,
    workload: refer(config.workload),
    claim: refer(config.claim),
    dependents: dependents.map(mustRefer),
    backup: backup === undefined ? null : { cronJob: mustRefer(backup.cronJob), maxAgeMs: backup.maxAgeMs },
    connection: { host, port, database },
    pgbouncer: pgbouncer === undefined ? null : readPooler(pgbouncer.connection),
    volume: volume ?? null,
  };
}

function readPooler({ host, port, user }: NonNullable<RecoverySettings['pgbouncer']>): RecoverySettings['pgbouncer'] {
  return { host, port, user };
}
