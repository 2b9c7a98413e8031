import type { SessionState } from './session-group.ts';

/**
 * One client backend in full: read on demand and around alerts only, as it costs a row per session (facts.md,
 * PostgreSQL 13). The identity of a session is pid *and* backendStart (facts.md, PostgreSQL 8).
 */
export interface ActiveSession {
  readonly pid: number;
  /** As PostgreSQL writes it, microseconds included: a JavaScript Date would match no row (facts.md, PostgreSQL 9). */
  readonly backendStart: string;
  readonly user: string | null;
  readonly database: string | null;
  readonly applicationName: string;
  /** Null for a Unix-domain socket. */
  readonly address: string | null;
  readonly state: SessionState;
  /** Since it is in this state; null where unknown. */
  readonly stateMs: number | null;
  /** Age of its open transaction; null when none is open. */
  readonly transactionMs: number | null;
  /** As in `Lock` or `Client`; null when it waits for nothing. */
  readonly waitEventType: string | null;
  readonly own: boolean;
}

/** All of one backend that a decision about it needs: read only when a person asks. */
export interface DetailedSession extends ActiveSession {
  /** `client backend`, `walsender`, …; null where the role may not see it. */
  readonly backendType: string | null;
  /** The oids of its role and its database: part of its identity (facts.md, PostgreSQL 8); null for backends without. */
  readonly userId: number | null;
  readonly databaseId: number | null;
  /** Null where its role is not found: then nobody knows, and it is left alone. */
  readonly superuser: boolean | null;
  /** The role has REPLICATION. */
  readonly replication: boolean | null;
  /** When it came into this state, as PostgreSQL writes it: the same text means that it has done nothing since. */
  readonly stateChange: string | null;
  /** Since its backend started. */
  readonly ageMs: number | null;
  /** As in `ClientRead`. */
  readonly waitEvent: string | null;
  /** Its running or last statement, its literals replaced, cut; null where hidden. */
  readonly statement: string | null;
}
