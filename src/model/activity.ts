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
