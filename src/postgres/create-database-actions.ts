import type { DatabaseActions } from '../model/database-actions.ts';
import { type Observed, seen, unseen } from '../model/observed.ts';
import { createActionSession } from './action-session.ts';
import type { Connection } from './connect.ts';
import type { DatabaseSourceOptions } from './create-database-source.ts';
import type { Parsed } from './parse-rows.ts';
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

/** What people see and end on one server, through the session given or one of its own; `close` ends that session. */
export function createDatabaseActions(
  options: DatabaseActionsOptions,
  session = createActionSession(options),
): DatabaseActions {
  const { pgbouncer, clock } = options;
  const { query } = session;
  const { connectMs } = { ...ACTION_TIMEOUTS, ...options.timeouts };
  const canaryUser = options.canary?.user ?? null;
  const observe = <T>(read: Parsed<T>): Observed<T> =>
    read.ok ? seen(read.value, clock.now()) : unseen(read.reason, clock.now());
  return {
    readDetails: async () => observe(await readDetails(query, canaryUser)),
    readLockTree: async () => observe(await readLockTree(query, canaryUser)),
    readObstacle: () => readObstacle(query, session.promisedPid, session.lossVerdict),
    terminate: (targets) => terminateSessions(targets, { query, clock, canaryUser }),
    readPoolerPids: async () => {
      if (pgbouncer === null || pgbouncer === undefined) return seen(new Set(), clock.now());
      return observe(await readPoolerPids(pgbouncer, { clock, deadlineMs: connectMs }));
    },
    close: () => session.close(),
  };
}
