import type { BackupJob, BackupJobs, BackupStart, Backups } from '../../src/model/backup.ts';
import { type Observed, seen } from '../../src/model/observed.ts';
import { NOW } from './builders.ts';

export const CRON_JOB = { namespace: 'default', kind: 'cronjob', name: 'blackbox' } as const;

/** A backup that succeeded an hour ago, unless the test says otherwise. */
export function backupJob(parts: Partial<BackupJob> = {}): BackupJob {
  return {
    name: 'blackbox-1',
    uid: 'uid-1',
    state: 'succeeded',
    createdAt: NOW - 3_700_000,
    startedAt: NOW - 3_690_000,
    endedAt: NOW - 3_600_000,
    manual: false,
    reason: null,
    sizeBytes: 3_000_000_000,
    lastLines: [],
    ...parts,
  };
}

export function backups(parts: Partial<Backups> = {}): Backups {
  const jobs = parts.jobs ?? [backupJob()];
  return { cronJob: CRON_JOB, schedule: '0 3 * * *', suspended: false, lastSuccessAt: null, ...parts, jobs };
}

/** The port, telling what it is given; `asked` says what was asked of it. */
export function fakeBackupJobs(world: {
  found: Observed<Backups | null>;
  start?: BackupStart;
}): BackupJobs & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    async read() {
      asked.push('read');
      return world.found;
    },
    async start() {
      asked.push('start');
      return world.start ?? { kind: 'refused', reason: 'nothing starts here' };
    },
  };
}

export const found = (parts: Partial<Backups> = {}): Observed<Backups> => seen(backups(parts), NOW);
