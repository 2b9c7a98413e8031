import type { DetailedSession } from './activity.ts';
import type { ConnectionGroup, SessionFilter } from './group-sessions.ts';
import type { Observed } from './observed.ts';

/** A session with the name of the application that it counts for. */
export interface ListedSession extends DetailedSession {
  readonly application: string;
}

/** All that `/db connections` says, as plain data; the same for Discord and the terminal. */
export interface ConnectionsReport {
  readonly database: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly filter: SessionFilter;
  /** The client backends that fit the filter, as they are now; or why they are not known one by one. */
  readonly sessions: Observed<readonly ListedSession[]>;
  /** The same counted, largest first; where they are not known one by one, from the last sample, as old as it is. */
  readonly groups: Observed<readonly ConnectionGroup[]>;
  /** All client backends, whatever the filter. */
  readonly total: number;
  /** Who holds any, largest first, whatever the filter. */
  readonly holders: readonly string[];
  /** Backends that are no client's, by their type as PostgreSQL names it; null where that is hidden. */
  readonly others: readonly { readonly backendType: string | null; readonly count: number }[];
}
