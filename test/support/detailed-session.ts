import type { DetailedSession } from '../../src/model/activity.ts';

/** A session of site that has been idle for an hour: stale, and nothing speaks against ending it; state what matters. */
export function detailedSession(parts: Partial<DetailedSession> = {}): DetailedSession {
  const { pid = 4711 } = parts;
  return {
    pid,
    backendStart: `2020-12-11 11:24:00.${String(pid).padStart(6, '0')}+00`,
    user: 'site',
    database: 'site',
    applicationName: '',
    address: '10.2.0.5',
    state: 'idle',
    stateMs: 3_600_000,
    transactionMs: null,
    waitEventType: 'Client',
    own: false,
    backendType: 'client backend',
    userId: 16_384,
    databaseId: 16_385,
    superuser: false,
    replication: false,
    stateChange: '2020-12-11 12:24:00.000001+00',
    ageMs: 7_200_000,
    waitEvent: 'ClientRead',
    statement: 'SELECT …',
    ...parts,
  };
}

/** Several like it, one pid after the other. */
export function detailedSessions(count: number, parts: Partial<DetailedSession> = {}): readonly DetailedSession[] {
  return Array.from({ length: count }, (_, index) => detailedSession({ ...parts, pid: (parts.pid ?? 1_000) + index }));
}
