import type { Change } from './cluster-changes.ts';
import type { Evidence } from './evidence.ts';
import type { Observed } from './observed.ts';

/** A role and its CONNECTION LIMIT. */
export type RoleLimit = {
  readonly role: string;
  /** -1: none. */
  readonly limit: number;
  /** Superusers ignore a limit. */
  readonly superuser: boolean;
  /** The bot may change it: CREATEROLE and ADMIN OPTION on the role (facts.md, PostgreSQL 19). */
  readonly alterable: boolean;
};

/** The port through which a recovery reads and changes one server beyond ending sessions. Nothing throws. */
export interface DatabaseRecovery {
  /** Of these roles, those that exist. */
  readRoleLimits(roles: readonly string[]): Promise<Observed<readonly RoleLimit[]>>;
  /** ALTER ROLE … CONNECTION LIMIT; refused where it is not `from` any more. Needs CREATEROLE and ADMIN OPTION on the role. */
  setRoleLimit(role: string, from: number, to: number): Promise<Change>;
  /** `pg_logical_emit_message` through a fresh connection: something was written and flushed. Needs no table and no grant. */
  probeWrite(): Promise<Observed<{ readonly lsn: string; readonly tookMs: number }>>;
  /** Sessions and locks as text files, literals out of their statements; ends within `withinMs`. */
  captureActivity(withinMs: number): Promise<Evidence>;
}

/** `pausing`: PAUSE was said and still waits for a client, and holds up newcomers meanwhile: only RESUME ends it. */
export type PoolerPause = 'paused' | 'pausing' | 'running';

/** The port to PgBouncer's admin console: two connections, as PAUSE holds up the one that asked (facts.md, PostgreSQL 16). */
export interface PoolerConsole {
  /** Needs `stats_users` or `admin_users`. */
  readPause(): Promise<Observed<PoolerPause>>;
  /** Waits until each server connection is released, `withinMs` at most; then it resumes from the second console and is refused. Needs `admin_users`. */
  pause(withinMs: number): Promise<Change>;
  /** Done where nothing is paused, too. */
  resume(): Promise<Change>;
}
