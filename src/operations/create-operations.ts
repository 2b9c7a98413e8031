import type { Clock } from '../model/clock.ts';
import type { AlertOperations } from './alert-operations.ts';
import type { KillStale } from './kill-stale.ts';
import type { Operations } from './operations.ts';
import { chooseDatabase, readStatus, type WatchedDatabase } from './read-status.ts';

/** Binds the operations to the watched databases. */
export function createOperations(
  databases: readonly WatchedDatabase[],
  alerts: AlertOperations,
  killStale: KillStale,
  clock: Clock,
): Operations {
  return {
    databases: databases.map(({ name }) => name),
    alerts,
    killStale,
    readStatus: async (name) => readStatus(chooseDatabase(databases, name), clock),
  };
}
