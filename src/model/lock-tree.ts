/** Who waits for whom: the ones that wait for nobody are the roots. */
export interface LockTree {
  /** Every session that waits for a lock or holds up one that does, once; prepared transactions too. */
  readonly nodes: readonly LockNode[];
}

export interface LockNode {
  /** `pid:1234`, or `prepared:<gid>`. */
  readonly id: string;
  readonly kind: 'session' | 'prepared';
  /** Null for a prepared transaction. */
  readonly pid: number | null;
  /** The prepared transaction's name; null for a session. */
  readonly gid: string | null;
  readonly user: string | null;
  readonly database: string | null;
  readonly applicationName: string;
  readonly address: string | null;
  readonly state: string | null;
  /** How long it has been waiting for a lock, milliseconds; null when it does not wait. */
  readonly waitedMs: number | null;
  /** Age of its transaction, milliseconds. */
  readonly transactionMs: number | null;
  /** What it waits for, as in `relation orders, AccessExclusiveLock`; null when it does not wait. */
  readonly awaits: string | null;
  /** Its statement, literals replaced, cut; null where hidden or none. */
  readonly statement: string | null;
  /** The ids of those that hold it up. */
  readonly blockedBy: readonly string[];
}
