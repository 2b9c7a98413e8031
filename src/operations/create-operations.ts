import type { Clock } from '../model/clock.ts';
import type { AlertOperations } from './alert-operations.ts';
import type { KillStale } from './kill-stale.ts';
import type { Operations } from './operations.ts';
import { listApplications, readConnections } from './read-connections.ts';
import { readLocks } from './read-locks.ts';
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
    readConnections: async (request) => readConnections(chooseDatabase(databases, request.database), request, clock),
    readLocks: async (name) => readLocks(chooseDatabase(databases, name), clock),
    applications: () => listApplications(databases),
  };
}
