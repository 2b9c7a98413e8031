import type { DatabaseRecovery } from '../model/database-recovery.ts';
import { seen, unseen } from '../model/observed.ts';
import type { ActionSession } from './action-session.ts';
import { captureActivity } from './capture-activity.ts';
import type { DatabaseSourceOptions } from './create-database-source.ts';
import { probeWrite } from './probe-write.ts';
import { readRoleLimits } from './read-role-limits.ts';
import { setRoleLimit } from './set-role-limit.ts';
import { DEFAULT_TIMEOUTS } from './timeouts.ts';

/**
 * What a recovery reads and changes on one server: through the session that is held, which works where nobody gets in any
 * more (facts.md, PostgreSQL 3); only the write probe makes a connection of its own.
 */
export function createDatabaseRecovery(
  { connection, canary, clock, timeouts }: Pick<DatabaseSourceOptions, 'connection' | 'canary' | 'clock' | 'timeouts'>,
  { query }: Pick<ActionSession, 'query'>,
): DatabaseRecovery {
  const { connectMs, statementMs } = { ...DEFAULT_TIMEOUTS, ...timeouts };
  return {
    readRoleLimits: async (roles) => {
      const read = await readRoleLimits(query, roles);
      return read.ok ? seen(read.value, clock.now()) : unseen(read.reason, clock.now());
    },
    setRoleLimit: (role, from, to) => setRoleLimit(query, role, from, to),
    probeWrite: () => probeWrite(connection, { deadlineMs: connectMs, statementMs, clock }),
    captureActivity: (withinMs) => captureActivity(withinMs, { query, canaryUser: canary?.user ?? null, clock }),
  };
}
