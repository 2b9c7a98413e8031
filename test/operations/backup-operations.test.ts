import { describe, expect, it } from 'vitest';
import type { ActFact } from '../../src/incidents/timeline.ts';
import type { BackupJobs, BackupRun, BackupStart, Backups } from '../../src/model/backup.ts';
import { type Observed, seen, unseen } from '../../src/model/observed.ts';
import { createBackupOperations } from '../../src/operations/backup-operations.ts';
import { backupJob, fakeBackupJobs, found } from '../support/backups.ts';
import { group, NOW, snapshot } from '../support/builders.ts';
import { createManualClock } from '../support/manual-clock.ts';

const STARTED: BackupStart = {
  kind: 'started',
  job: backupJob({ name: 'blackbox-manual-1', uid: 'uid-2', state: 'running', createdAt: NOW, endedAt: null }),
};

function world(given: {
  found?: Observed<Backups | null>;
  start?: BackupStart;
  used?: number;
  jobs?: null;
  backup?: null;
  journal?: { readonly reason: string };
}) {
  const jobs = fakeBackupJobs({ found: given.found ?? found(), start: given.start ?? STARTED });
  const recorded: ActFact[] = [];
  const followed: BackupRun[] = [];
  const operations = createBackupOperations({
    databases: [
      {
        name: 'main',
        backup: given.backup === null ? undefined : { cronJob: 'default/cronjob/blackbox', maxAgeMs: 26 * 3_600_000 },
        watch: { latest: () => snapshot([group({ count: given.used ?? 10 })]) },
      },
    ],
    jobs: given.jobs === null ? null : (jobs satisfies BackupJobs),
    follower: {
      async follow(run) {
        followed.push(run);
      },
      standsAt() {},
    },
    recorder: {
      async record({ fact }) {
        if (fact.type === 'act') recorded.push(fact);
      },
    },
    journalBlind: () => given.journal ?? null,
    clock: createManualClock(NOW),
  });
  return { operations, jobs, recorded, followed };
}

describe('/db backup-run', () => {
  it('starts one, records who asked, and follows it; the one before it is at hand to compare with', async () => {
    const { operations, recorded, followed } = world({});
    const progress = await operations.run(undefined, 'remy');
    expect(progress).toMatchObject({ run: { database: 'main', how: 'started', by: 'remy' }, before: { uid: 'uid-1' } });
    expect(recorded).toMatchObject([{ act: 'backup', stage: 'confirmed', summary: 'started blackbox-manual-1' }]);
    expect(followed).toEqual([progress.run]);
  });

  it('waits while the journal is away, and says how it is done by hand', async () => {
    const { operations, jobs, recorded } = world({ journal: { reason: 'disk full' } });
    await expect(operations.run('main', 'remy')).rejects.toThrow(
      /disk full.*kubectl --namespace default create job --from=cronjob\/blackbox/,
    );
    expect(jobs.asked).toEqual([]);
    expect(recorded).toMatchObject([{ stage: 'refused' }]);
  });

  it('works where the CronJob is suspended, and says that it is', async () => {
    expect((await world({ found: found({ suspended: true }) }).operations.run('main', 'remy')).suspended).toBe(true);
    expect((await world({}).operations.run('main', 'remy')).suspended).toBe(false);
  });

  it('joins one that runs, and says so', async () => {
    const { operations, recorded } = world({ start: { ...STARTED, kind: 'joined' } });
    expect((await operations.run('main', 'remy')).run.how).toBe('joined');
    expect(recorded[0]?.summary).toContain('joined blackbox-manual-1, which was running');
  });

  it('refuses where nobody gets in, as the backup would not either, and starts nothing', async () => {
    const { operations, jobs, recorded, followed } = world({ used: 97 });
    await expect(operations.run('main', 'remy')).rejects.toThrow(/97 connections in use and 97 usable.*kill-stale/);
    expect(jobs.asked).not.toContain('start');
    expect(recorded).toMatchObject([{ stage: 'refused' }]);
    expect(followed).toEqual([]);
  });

  it('joins one that runs even where nobody gets in any more: it is inside already', async () => {
    const running = found({ jobs: [backupJob({ state: 'running', endedAt: null })] });
    const { operations, jobs } = world({ used: 97, found: running, start: { ...STARTED, kind: 'joined' } });
    await operations.run('main', 'remy');
    expect(jobs.asked).toContain('start');
  });

  it('takes a timeout for unknown, never for started or failed', async () => {
    const { operations, followed } = world({ start: { kind: 'unknown', reason: 'no answer within 10 s' } });
    await expect(operations.run('main', 'remy')).rejects.toThrow(
      /unknown: no answer within 10 s\. See \/db backup-status/,
    );
    expect(followed).toEqual([]);
  });

  it.each([
    ['no backup is configured', { backup: null }, /knows of no backups of main: write/],
    ['no cluster is configured', { jobs: null }, /write `kubernetes:`/],
    ['the cluster refuses', { start: { kind: 'refused', reason: 'jobs is forbidden' } }, /jobs is forbidden\./],
  ] as const)('refuses where %s', async (_, given, words) => {
    const { operations, followed } = world(given);
    await expect(operations.run('main', 'remy')).rejects.toThrow(words);
    expect(followed).toEqual([]);
  });
});

describe('/db backup-status', () => {
  it('reads the last ones', async () => {
    expect(await world({}).operations.readReport('main')).toMatchObject({
      database: 'main',
      backups: { suspended: false },
    });
  });

  it.each([
    ['there is no such CronJob', seen(null, NOW), /There is no CronJob default\/cronjob\/blackbox/],
    ['the cluster gives no answer', unseen('no answer within 10 s', NOW), /cannot be read: no answer within 10 s\./],
  ] as const)('refuses where %s', async (_, answer, words) => {
    await expect(world({ found: answer }).operations.readReport('main')).rejects.toThrow(words);
  });
});
