/** The states of pg_stat_activity, in PostgreSQL's own words; `starting` is a backend that has not logged in yet. */
export const SESSION_STATES = [
  'active',
  'idle',
  'idle in transaction',
  'idle in transaction (aborted)',
  'starting',
  'other',
] as const;

export type SessionState = (typeof SESSION_STATES)[number];

/** Client backends that are alike in everything that is counted: one row of the grouped sample. */
export interface SessionGroup {
  /** Null until the client has logged in. */
  readonly user: string | null;
  readonly database: string | null;
  readonly applicationName: string;
  /** Null for a Unix-domain socket. */
  readonly address: string | null;
  readonly state: SessionState;
  /** Breakwater's own sessions: counted and listed like any other, never acted on. */
  readonly own: boolean;
  readonly count: number;
  /** How many of them wait for a lock. */
  readonly lockWaits: number;
  /** Age in milliseconds of the oldest open transaction in the group; null when none is open. */
  readonly oldestTransactionMs: number | null;
  /** For how long the one that changed its state longest ago has been in it, milliseconds; null where unknown. */
  readonly longestInStateMs: number | null;
}

/** How many sessions the groups hold together. */
export function countSessions(groups: readonly Pick<SessionGroup, 'count'>[]): number {
  return groups.reduce((sum, group) => sum + group.count, 0);
}
