import type { Clock } from '../model/clock.ts';
import type { Operations } from './operations.ts';
import { listApplications, readConnections } from './read-connections.ts';
import { readLocks } from './read-locks.ts';
import { chooseDatabase, readStatus, type WatchedDatabase } from './read-status.ts';

/** Binds the operations to the watched databases. */
export function createOperations(
  databases: readonly WatchedDatabase[],
  others: Pick<Operations, 'alerts' | 'killStale' | 'incidents' | 'backups' | 'recover'>,
  clock: Clock,
): Operations {
  return {
    databases: databases.map(({ name }) => name),
    ...others,
    readStatus: async (name) => readStatus(chooseDatabase(databases, name), clock),
    readConnections: async (request) => readConnections(chooseDatabase(databases, request.database), request, clock),
    readLocks: async (name) => readLocks(chooseDatabase(databases, name), clock),
    applications: () => listApplications(databases),
  };
}
