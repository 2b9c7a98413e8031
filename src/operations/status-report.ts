import type { Alert } from '../alerts/lifecycle.ts';
import type { History } from '../model/history.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { ApplicationTally } from '../model/tally.ts';

/** All that `/db status` says, as plain data; rendered alike for Discord and the terminal. */
export interface StatusReport {
  readonly database: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly snapshot: Snapshot;
  /** Largest first; empty when the sessions are unknown. */
  readonly applications: readonly ApplicationTally[];
  readonly alerts: readonly Alert[];
  readonly history: History;
  /** The connections at which `connections-total` fires; null while the capacity is unknown or the rule is off. */
  readonly fireAt: number | null;
}
