/**
 * What changes slowly on a server and is read on a slower clock than the sessions. Lists are complete: what is not in
 * one does not exist. Needs pg_monitor.
 */
export interface ServerSignals {
  /** Each database with `age(datfrozenxid)`: transactions since its oldest unfrozen one. */
  readonly xidAges: readonly { readonly database: string; readonly age: number }[];
  readonly slots: readonly ReplicationSlot[];
  /** On a primary its standbys; on a standby itself. */
  readonly standbys: readonly Standby[];
  /** Null where `archive_mode` is off. */
  readonly archiver: Archiver | null;
  /** Sessions that wait for a lock now, longest first. */
  readonly lockWaits: readonly LockWait[];
}

export interface ReplicationSlot {
  readonly name: string;
  readonly active: boolean;
  /** WAL that the server keeps for it; null where the slot has reserved none. */
  readonly retainedBytes: number | null;
}

export interface Standby {
  /** Its application_name; `this server` for a standby that tells of itself. */
  readonly name: string;
  /** How far its replay is behind, milliseconds; null where the server does not know. */
  readonly lagMs: number | null;
}

export interface Archiver {
  /** Epoch milliseconds; null for never. */
  readonly lastArchivedAt: number | null;
  readonly lastFailedAt: number | null;
  /** The segment that failed last. */
  readonly lastFailedWal: string | null;
  /** Failures since the statistics were reset. */
  readonly failures: number;
}

export interface LockWait {
  readonly pid: number;
  readonly user: string | null;
  readonly database: string | null;
  readonly applicationName: string;
  readonly address: string | null;
  readonly waitedMs: number;
}
