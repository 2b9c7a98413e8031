import type { StatusReport } from '../model/status-report.ts';
import type { AlertOperations } from './alert-operations.ts';
import type { KillStale } from './kill-stale.ts';

/** What a responder can do: the same for Discord and for the terminal. */
export interface Operations {
  /** The names of the watched databases, in the order of the configuration. */
  readonly databases: readonly string[];
  /**
   * The state of one database, freshly sampled where it answers. Without a name the only one; throws UserFacingError
   * when the name is unknown or left out though there are several.
   */
  readStatus(database?: string): Promise<StatusReport>;
  readonly alerts: AlertOperations;
  readonly killStale: KillStale;
}
