/** All in milliseconds. */
export interface Timeouts {
  /** For the held session: TCP, TLS and login. */
  readonly connectMs: number;
  /** The same for the canary, its one query included. */
  readonly probeMs: number;
  /** statement_timeout of the held session: the server ends the statement, the session lives. */
  readonly statementMs: number;
  /** The client's own, above it: the session is given up. */
  readonly queryMs: number;
}

export const DEFAULT_TIMEOUTS: Timeouts = { connectMs: 5_000, probeMs: 3_000, statementMs: 3_000, queryMs: 4_000 };

/** Of the session that acts: a batch of terminations on a server in trouble takes longer than a sample. */
export const ACTION_TIMEOUTS: Timeouts = { ...DEFAULT_TIMEOUTS, statementMs: 5_000, queryMs: 6_000 };
