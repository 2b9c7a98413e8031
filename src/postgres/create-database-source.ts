import type { Clock } from '../model/clock.ts';
import type { DatabaseSource } from '../model/database-source.ts';
import type { Log } from '../model/log.ts';
import { type Observed, seen, unseen } from '../model/observed.ts';
import type { ServerFacts } from '../model/server-facts.ts';
import { type Connection, connect } from './connect.ts';
import { createHeldSession, type RunQuery } from './held-session.ts';
import type { Parsed } from './parse-rows.ts';
import { prepareSession } from './prepare-session.ts';
import { probeAdmission } from './probe-admission.ts';
import { readActivity } from './read-activity.ts';
import { readServerFacts } from './read-server-facts.ts';
import { readSessions } from './read-sessions.ts';
import { readSignals } from './read-signals.ts';
import { DEFAULT_TIMEOUTS, type Timeouts } from './timeouts.ts';

export interface DatabaseSourceOptions {
  readonly connection: Connection;
  /** An ordinary role; it connects where the bot does. Null or absent: no canary. */
  readonly canary?:
    | { readonly user: string; readonly password?: string | undefined; readonly database?: string | undefined }
    | null
    | undefined;
  readonly log: Log;
  readonly clock: Clock;
  /** From 0 to 1, as Math.random. */
  readonly random: () => number;
  readonly timeouts?: Partial<Timeouts> | undefined;
}

/** Grants and promotions show up within a minute, without a reconnect. */
const FACTS_KEPT_MS = 60_000;

/** One watched server. It begins to connect at once, in the background, and never gives up until it is closed. */
export function createDatabaseSource(options: DatabaseSourceOptions): DatabaseSource {
  const { connection, canary, log, clock, random } = options;
  const timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts };
  let facts: Observed<ServerFacts> = unseen('not read yet', clock.now());
  // Also of a failed attempt: it is not repeated, and logged, with every sample.
  let factsTriedAt = clock.now();

  /** Reads the facts anew; returns why that failed, or null. */
  const refreshFacts = async (query: RunQuery): Promise<string | null> => {
    factsTriedAt = clock.now();
    const read = await readServerFacts(query);
    if (!read.ok) return read.reason;
    facts = seen(read.value, clock.now());
    return null;
  };
  const observe = <T>(read: Parsed<T>): Observed<T> =>
    read.ok ? seen(read.value, clock.now()) : unseen(read.reason, clock.now());
  const held = createHeldSession({
    connect: (signal) => connect(connection, { clock, deadlineMs: timeouts.connectMs, signal }),
    prepare: async (query) => (await prepareSession(query, timeouts.statementMs)) ?? (await refreshFacts(query)),
    queryTimeoutMs: timeouts.queryMs,
    log,
    clock,
    random,
  });
  return {
    server: () => {
      const state = held.state();
      if (state.state === 'held') return facts;
      return unseen(state.state === 'lost' ? state.reason : NOT_HELD[state.state], state.since);
    },
    onChange: (listener) => held.onChange(() => listener()),
    readSessions: async () => {
      const read = await readSessions(held.query, canary?.user ?? null);
      const at = clock.now();
      if (!read.ok) return unseen(read.reason, at);
      if (at - factsTriedAt >= FACTS_KEPT_MS) {
        const failure = await refreshFacts(held.query);
        if (failure !== null) log.warn({ reason: failure }, 'server facts are not refreshed');
      }
      return seen(read.value, at);
    },
    readSignals: async () => observe(await readSignals(held.query)),
    readActivity: async () => observe(await readActivity(held.query, canary?.user ?? null)),
    lossVerdict: () => {
      const state = held.state();
      return state.state === 'lost' ? state.verdict : null;
    },
    probeAdmission: async () => {
      if (canary === null || canary === undefined) return unseen('no canary role is configured', clock.now());
      const { user, password, database = connection.database } = canary;
      const login = { ...connection, user, password, database };
      const admission = await probeAdmission(login, { deadlineMs: timeouts.probeMs, clock });
      return seen(admission, clock.now());
    },
    close: () => held.close(),
  };
}

const NOT_HELD = { connecting: 'the first connection is not made yet', closed: 'closed' } as const;
