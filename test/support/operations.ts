import type { AlertOperations } from '../../src/operations/alert-operations.ts';
import type { BackupOperations } from '../../src/operations/backup-operations.ts';
import type { IncidentOperations } from '../../src/operations/incident-operations.ts';
import type { KillStale } from '../../src/operations/kill-stale.ts';
import type { Operations } from '../../src/operations/operations.ts';
import type { Recover } from '../../src/operations/recover.ts';

const notUsed = (): never => {
  throw new Error('not used here');
};

export const NO_ALERTS: AlertOperations = {
  list: () => ({ firing: [], silences: [], unseen: [], at: 0 }),
  acknowledge: notUsed,
  handBack: notUsed,
  silence: notUsed,
  unsilence: notUsed,
  applications: () => [],
};

export const NO_KILLS: KillStale = {
  preview: notUsed,
  execute: notUsed,
  cancel: notUsed,
  standsAt: notUsed,
  told: notUsed,
  recall: notUsed,
  findExpired: notUsed,
  inspectInterrupted: notUsed,
  settled: async () => {},
};

export const NO_INCIDENTS: IncidentOperations = {
  open: notUsed,
  note: notUsed,
  status: notUsed,
  list: () => ({ incidents: [], at: 0 }),
  draft: () => null,
  close: notUsed,
  reopen: notUsed,
  postmortem: notUsed,
  suggest: () => [],
};

export const NO_BACKUPS: BackupOperations = { run: notUsed, standsAt: notUsed, readReport: notUsed };

export const NO_RECOVERIES: Recover = {
  propose: notUsed,
  approve: notUsed,
  breakGlass: notUsed,
  cancel: notUsed,
  abort: notUsed,
  resume: notUsed,
  retry: notUsed,
  skip: notUsed,
  undo: notUsed,
  releaseClients: notUsed,
  end: notUsed,
  standsAt: notUsed,
  find: () => null,
  runbook: notUsed,
};

/** Of everything but the databases. */
export const NOTHING = {
  alerts: NO_ALERTS,
  killStale: NO_KILLS,
  incidents: NO_INCIDENTS,
  backups: NO_BACKUPS,
  recover: NO_RECOVERIES,
};

/** Operations of two databases that a test gives what it needs. */
export function fakeOperations(parts: Partial<Operations> = {}): Operations {
  return {
    databases: ['main', 'other'],
    readStatus: () => Promise.reject(new Error('not used here')),
    readConnections: () => Promise.reject(new Error('not used here')),
    readLocks: () => Promise.reject(new Error('not used here')),
    applications: () => [],
    alerts: NO_ALERTS,
    killStale: NO_KILLS,
    incidents: NO_INCIDENTS,
    backups: NO_BACKUPS,
    recover: NO_RECOVERIES,
    ...parts,
  };
}
