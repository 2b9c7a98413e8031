/** What became of a fresh, ordinary connection attempt: the canary's verdict (facts.md, PostgreSQL 2). */
export type Verdict =
  | 'admitted'
  | 'only-reserved-left'
  | 'completely-full'
  | 'half-authenticated'
  | 'role-limit'
  | 'database-limit'
  | 'starting'
  | 'crash-recovery'
  | 'shutting-down'
  | 'stopped'
  | 'frozen'
  | 'unreachable'
  | 'auth-refused'
  | 'no-such-database'
  | 'tls-failed'
  | 'read-only'
  | 'unrecognised';

export interface Admission {
  readonly verdict: Verdict;
  /** True when no canary role is configured and fullness follows from the counts alone (product.md §5). */
  readonly inferred: boolean;
  /** From the first packet to the verdict, milliseconds; null when inferred. */
  readonly tookMs: number | null;
  /** The server's own words, hostile text; null when it said nothing. */
  readonly serverSaid: string | null;
}

/**
 * The reason of an unseen admission where no canary is configured: then the counts alone say whether clients get in,
 * while any other reason means that somebody tries and could not tell.
 */
export const NOBODY_TRIES = 'no canary role is configured, so nobody tried to connect';

/** What a verdict means for those who must act on it. */
export interface VerdictMeaning {
  /** Whether an ordinary client gets in now. */
  readonly lets: 'in' | 'nobody in' | 'unknown';
  /** The fact in a sentence, without a full stop. */
  readonly fact: string;
  /** What to do next. */
  readonly next: string;
}

export const VERDICT_MEANINGS: Readonly<Record<Verdict, VerdictMeaning>> = {
  admitted: { lets: 'in', fact: 'admitted', next: 'Nothing to do.' },
  'only-reserved-left': {
    lets: 'nobody in',
    fact: 'full: only reserved slots are left',
    next: 'End the sessions that nobody needs with /db kill-stale; see with /db status who holds the most, and scale that application down.',
  },
  'completely-full': {
    lets: 'nobody in',
    fact: 'completely full: superusers are refused too',
    next: 'End the sessions that nobody needs with /db kill-stale; see with /db status who holds the most, and scale that application down.',
  },
  'half-authenticated': {
    lets: 'nobody in',
    fact: 'full of half-authenticated clients: a reconnect storm',
    next: 'Slow the clients down: scale the noisiest application to 0, then back.',
  },
  'role-limit': {
    lets: 'nobody in',
    fact: "the canary role's own CONNECTION LIMIT is reached; the server may have room",
    next: 'Raise the CONNECTION LIMIT of the canary role to at least 2.',
  },
  'database-limit': {
    lets: 'nobody in',
    fact: "the database's CONNECTION LIMIT is reached",
    next: 'Raise it with ALTER DATABASE … CONNECTION LIMIT, or end stale sessions with /db kill-stale.',
  },
  starting: {
    lets: 'nobody in',
    fact: 'PostgreSQL is starting up',
    next: 'Wait, do not recover: it lets clients in when it is done.',
  },
  'crash-recovery': {
    lets: 'nobody in',
    fact: 'PostgreSQL is in crash recovery',
    next: 'Wait, do not recover: a restart would begin the recovery again.',
  },
  'shutting-down': {
    lets: 'nobody in',
    fact: 'PostgreSQL is shutting down',
    next: 'If nobody asked for it, look at the pod; a smart shutdown waits for its clients for ever.',
  },
  stopped: {
    lets: 'nobody in',
    fact: 'nothing listens there: PostgreSQL is stopped, or host and port are not its own',
    next: 'Look at the pod and its events; check host and port if it never worked.',
  },
  frozen: {
    lets: 'nobody in',
    fact: 'the server accepts the connection and then says nothing: the postmaster hangs',
    next: 'Look at the node and its disk.',
  },
  unreachable: {
    lets: 'unknown',
    fact: 'the network gives no way to the server',
    next: 'Check the name, the Service, and the network between the bot and PostgreSQL.',
  },
  'auth-refused': {
    lets: 'unknown',
    fact: 'the server refuses the role or its password',
    next: 'Check the role, its password and pg_hba.conf.',
  },
  'no-such-database': {
    lets: 'unknown',
    fact: 'the configured database does not exist',
    next: 'Correct `database` in the configuration.',
  },
  'tls-failed': {
    lets: 'unknown',
    fact: 'the TLS handshake failed',
    next: 'Check `ssl` in the configuration and the server certificate.',
  },
  'read-only': {
    lets: 'nobody in',
    fact: 'the server is a read-only standby',
    next: 'Point the configuration at the primary.',
  },
  unrecognised: {
    lets: 'unknown',
    fact: 'the server answered with an error that Breakwater does not know',
    next: 'Read its words below.',
  },
};
