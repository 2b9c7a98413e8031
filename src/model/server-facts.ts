import type { Capacity } from './capacity.ts';

/** What stays true while a PostgreSQL server runs: read once per connection, not per sample. */
export interface ServerFacts {
  /** `server_version_num`, as in 180004. */
  readonly versionNumber: number;
  /** `server_version`, as in `18.4`. */
  readonly version: string;
  readonly capacity: Capacity;
  /** A hot standby: reads only. */
  readonly inRecovery: boolean;
  /** Epoch milliseconds of `pg_postmaster_start_time()`. */
  readonly startedAt: number;
  /** What the bot's role lacks; each is a sentence with the SQL that mends it. Empty when all is well. */
  readonly missingPrivileges: readonly MissingPrivilege[];
}

export interface MissingPrivilege {
  readonly privilege: 'pg_monitor' | 'pg_signal_backend' | 'reserved slots';
  /** What goes wrong without it. */
  readonly consequence: string;
  /** The SQL that grants it, or the settings to change. */
  readonly remedy: string;
  /** True when numbers are wrong without it (facts.md, PostgreSQL 6), not only when an act is impossible. */
  readonly countsAreLow: boolean;
}
