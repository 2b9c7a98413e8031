import type { DatabaseActions } from '../model/database-actions.ts';
import { type Observed, seen, unseen } from '../model/observed.ts';
import { type Connection, connect } from './connect.ts';
import type { DatabaseSourceOptions } from './create-database-source.ts';
import { createHeldSession } from './held-session.ts';
import type { Parsed } from './parse-rows.ts';
import { prepareSession } from './prepare-session.ts';
import { readDetails } from './read-details.ts';
import { readLockTree } from './read-lock-tree.ts';
import { readObstacle } from './read-obstacle.ts';
import { readPoolerPids } from './read-pooler-pids.ts';
import { terminateSessions } from './terminate-sessions.ts';
import { ACTION_TIMEOUTS } from './timeouts.ts';

export interface DatabaseActionsOptions extends DatabaseSourceOptions {
  /** The pooler's console. Null or absent: no pooler. */
  readonly pgbouncer?: Omit<Connection, 'database'> | null | undefined;
}

/** The second held session of one server, which nobody but people uses. It connects at once, and never gives up until it is closed. */
export function createDatabaseActions(options: DatabaseActionsOptions): DatabaseActions {
  const { connection, pgbouncer, log, clock, random } = options;
  const timeouts = { ...ACTION_TIMEOUTS, ...options.timeouts };
  const canaryUser = options.canary?.user ?? null;
  let promisedPid: number | null = null;

  const held = createHeldSession({
    connect: async (signal) => {
      const outcome = await connect(connection, { clock, deadlineMs: timeouts.connectMs, signal });
      if (outcome.ok) promisedPid = outcome.session.backendPid;
      return outcome;
    },
    prepare: (query) => prepareSession(query, timeouts.statementMs),
    queryTimeoutMs: timeouts.queryMs,
    words: { held: 'ready to act: a second session', lost: 'not ready to act: no second session' },
    log,
    clock,
    random,
  });
  const lossVerdict = () => {
    const state = held.state();
    return state.state === 'lost' ? state.verdict : null;
  };
  const observe = <T>(read: Parsed<T>): Observed<T> =>
    read.ok ? seen(read.value, clock.now()) : unseen(read.reason, clock.now());
  return {
    readDetails: async () => observe(await readDetails(held.query, canaryUser)),
    readLockTree: async () => observe(await readLockTree(held.query, canaryUser)),
    readObstacle: () => readObstacle(held.query, () => promisedPid, lossVerdict),
    terminate: (targets) => terminateSessions(targets, { query: held.query, clock, canaryUser }),
    readPoolerPids: async () => {
      if (pgbouncer === null || pgbouncer === undefined) return seen(new Set(), clock.now());
      return observe(await readPoolerPids(pgbouncer, { clock, deadlineMs: timeouts.connectMs }));
    },
    close: () => held.close(),
  };
}
