import type { DetailedSession } from './activity.ts';
import type { LockTree } from './lock-tree.ts';
import type { Observed } from './observed.ts';
import type { TerminationReport, TerminationTarget } from './termination.ts';

/**
 * The port through which people look closely at one PostgreSQL server and act on it: a second held session, so that an
 * act never waits behind a sample, nor a sample behind an act (product.md §5). Nothing here throws.
 */
export interface DatabaseActions {
  /**
   * Every backend with all that a decision about it needs. Not only client backends: what is never ended is shown as
   * such. Needs pg_read_all_stats, and fails with the reason without it.
   */
  readDetails(): Promise<Observed<readonly DetailedSession[]>>;
  /** Who waits for whom, prepared transactions named; asks nothing more while nobody waits. */
  readLockTree(): Promise<Observed<LockTree>>;
  /** Why nobody may be ended through this connection; null when nothing stands in the way. Asked before each act. */
  readObstacle(): Promise<TerminationObstacle | null>;
  /** Ends exactly these sessions, as long as each still is what was shown, and looks that they are gone. Needs pg_signal_backend. */
  terminate(targets: readonly TerminationTarget[]): Promise<TerminationReport>;
  /** The pids of the sessions that a pooler holds, from its own console; an empty set where none is configured. */
  readPoolerPids(): Promise<Observed<ReadonlySet<number>>>;
  close(): Promise<void>;
}

/** Why no session can be ended, and what to do about it. */
export interface TerminationObstacle {
  readonly kind: 'pooler' | 'privilege' | 'unreachable';
  readonly reason: string;
  /** The SQL, or the setting, that mends it. */
  readonly remedy: string;
}
