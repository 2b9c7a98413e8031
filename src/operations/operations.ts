import type { ConnectionsReport } from '../model/connections-report.ts';
import type { LocksReport } from '../model/locks-report.ts';
import type { StatusReport } from '../model/status-report.ts';
import type { AlertOperations } from './alert-operations.ts';
import type { BackupOperations } from './backup-operations.ts';
import type { IncidentOperations } from './incident-operations.ts';
import type { KillStale } from './kill-stale.ts';
import type { ConnectionsRequest } from './read-connections.ts';
import type { Recover } from './recover.ts';

/** What a responder can do: the same for Discord and for the terminal. */
export interface Operations {
  /** The names of the watched databases, in the order of the configuration. */
  readonly databases: readonly string[];
  /**
   * The state of one database, freshly sampled where it answers. Without a name the only one; throws UserFacingError
   * when the name is unknown or left out though there are several.
   */
  readStatus(database?: string): Promise<StatusReport>;
  /** The sessions one by one and counted. Names the database as `readStatus` does. */
  readConnections(request: ConnectionsRequest): Promise<ConnectionsReport>;
  /** Who blocks whom. Names the database as `readStatus` does. */
  readLocks(database?: string): Promise<LocksReport>;
  /** The names under which sessions are counted: configured, or seen in the last samples. */
  applications(): readonly string[];
  readonly alerts: AlertOperations;
  readonly killStale: KillStale;
  readonly incidents: IncidentOperations;
  readonly backups: BackupOperations;
  readonly recover: Recover;
}
