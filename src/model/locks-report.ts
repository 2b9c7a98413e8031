import type { Application } from './application.ts';
import type { LockTree } from './lock-tree.ts';
import type { Observed } from './observed.ts';
import type { SessionState } from './session-group.ts';

/** All that `/db locks` says, as plain data; the same for Discord and the terminal. */
export interface LocksReport {
  readonly database: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly tree: Observed<LockTree>;
  /** What the last sample knows besides: how many wait, and the oldest transaction. */
  readonly sample: Observed<{
    readonly waiting: number;
    /** Null when none is open. */
    readonly oldest: { readonly application: string; readonly state: SessionState; readonly ms: number } | null;
  }>;
  readonly configured: readonly Application[];
}
