import type { DetailedSession } from '../../src/model/activity.ts';
import type { DatabaseActions } from '../../src/model/database-actions.ts';
import { createHistory } from '../../src/model/history.ts';
import type { LockNode } from '../../src/model/lock-tree.ts';
import { unseen } from '../../src/model/observed.ts';
import type { WatchedDatabase } from '../../src/operations/read-status.ts';
import { NOW, snapshot } from './builders.ts';

/** A client backend in full; only what matters is said. */
export function detailed(parts: Partial<DetailedSession> = {}): DetailedSession {
  return {
    pid: 4_711,
    backendStart: '2020-12-11 13:00:00.123456+00',
    user: 'site',
    database: 'site',
    applicationName: '',
    address: '10.2.0.5',
    state: 'idle',
    stateMs: 60_000,
    transactionMs: null,
    waitEventType: 'Client',
    own: false,
    backendType: 'client backend',
    userId: 16_384,
    databaseId: 16_385,
    superuser: false,
    replication: false,
    stateChange: '2020-12-11 13:23:00.654321+00',
    ageMs: 1_440_000,
    waitEvent: 'ClientRead',
    statement: 'SELECT …',
    ...parts,
  };
}

/** One that holds a lock, or waits for one: a session unless `gid` names a prepared transaction. */
export function lockNode(pid: number, blockedBy: readonly number[] = [], parts: Partial<LockNode> = {}): LockNode {
  const waits = blockedBy.length > 0;
  return {
    id: `pid:${pid}`,
    kind: 'session',
    pid,
    gid: null,
    user: 'site',
    database: 'site',
    applicationName: '',
    address: '10.2.0.5',
    state: waits ? 'active' : 'idle in transaction',
    waitedMs: waits ? 60_000 : null,
    transactionMs: 120_000,
    awaits: waits ? 'relation orders, AccessExclusiveLock' : null,
    statement: 'UPDATE …',
    blockedBy: blockedBy.map((blocker) => `pid:${blocker}`),
    ...parts,
  };
}

/** A server that says why it does not answer. */
export function silentActions(): Pick<DatabaseActions, 'readDetails' | 'readLockTree'> {
  return {
    readDetails: async () => unseen('no session is held', NOW),
    readLockTree: async () => unseen('no session is held', NOW),
  };
}

/** A watched database that is only looked at closely; its watch sees nobody. */
export function lookedAt(
  parts: Partial<Omit<WatchedDatabase, 'actions'>> & { readonly actions?: Partial<WatchedDatabase['actions']> } = {},
): WatchedDatabase {
  return {
    name: 'main',
    applications: [],
    fireAt: () => null,
    history: createHistory({ bucketMs: 1_000, spanMs: 600_000 }),
    firing: () => [],
    silences: () => 0,
    place: () => null,
    lastSample: () => unseen('not sampled yet', NOW),
    watch: {
      latest: () => snapshot([]),
      sample: async () => snapshot([]),
      probe: async () => {},
      activity: () => unseen('not read', NOW),
      readActivity: async () => unseen('not read', NOW),
      sampleMs: () => null,
      stop: async () => {},
    },
    ...parts,
    actions: { ...silentActions(), ...parts.actions },
  };
}
