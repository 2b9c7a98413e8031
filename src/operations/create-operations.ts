import type { Clock } from '../model/clock.ts';
import type { AlertOperations } from './alert-operations.ts';
import type { Operations } from './operations.ts';
import { chooseDatabase, readStatus, type WatchedDatabase } from './read-status.ts';

/** Binds the operations to the watched databases. */
export function createOperations(
  databases: readonly WatchedDatabase[],
  alerts: AlertOperations,
  clock: Clock,
): Operations {
  return {
    databases: databases.map(({ name }) => name),
    alerts,
    readStatus: async (name) => readStatus(chooseDatabase(databases, name), clock),
  };
}
