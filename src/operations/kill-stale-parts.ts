import type { ConfirmationDesk } from '../confirmations/confirmation.ts';
import type { ActFact, ActRecorder } from '../incidents/timeline.ts';
import type { Clock } from '../model/clock.ts';
import type { Cluster } from '../model/cluster.ts';
import type { DatabaseActions } from '../model/database-actions.ts';
import type { Holders } from '../model/kill-plan.ts';
import type { WatchedDatabase } from './read-status.ts';

/** One watched database on which people can act. */
export interface ActingDatabase extends Pick<WatchedDatabase, 'name' | 'applications'> {
  readonly watch: Pick<WatchedDatabase['watch'], 'latest' | 'sample'>;
  /** Values of application_name that are never ended. */
  readonly protect: readonly string[];
  readonly actions: DatabaseActions;
  /** Null: no cluster is configured. */
  readonly cluster: ClusterAccess | null;
}

/** The cluster that the sessions come from, and what the configuration says of its networks. */
export interface ClusterAccess {
  readonly cluster: Cluster;
  readonly podCidrs: readonly string[];
  readonly excludeAddresses: readonly string[];
}

export interface KillStaleParts {
  readonly databases: readonly ActingDatabase[];
  readonly confirmations: ConfirmationDesk;
  readonly recorder: ActRecorder;
  readonly clock: Clock;
}

/** The name of the act in confirmations and timelines. */
export const KILL_STALE = 'kill-stale';

/** Records one stage of it; `by` null for Breakwater itself. */
export type RecordStage = (by: string | null, fact: Omit<ActFact, 'type' | 'act'>) => Promise<void>;

/** Records who held the connections before it, or after. */
export type RecordHolders = (moment: 'before' | 'after', database: string, holders: Holders) => Promise<void>;
