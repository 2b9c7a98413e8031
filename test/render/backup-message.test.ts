import { describe, expect, it } from 'vitest';
import type { BackupJob, BackupProgress, Backups } from '../../src/model/backup.ts';
import { seen, unseen } from '../../src/model/observed.ts';
import { renderBackupProgress, renderBackupReport } from '../../src/render/backup-message.ts';
import { COLOURS } from '../../src/render/message.ts';
import { backupJob, backups } from '../support/backups.ts';
import { NOW } from '../support/builders.ts';

const RUN = { database: 'main', how: 'started', by: '1', askedAt: NOW, job: { name: 'b-2', uid: 'uid-2' } } as const;
const ENDED = { uid: 'uid-2', name: 'b-2', createdAt: NOW, startedAt: NOW, endedAt: NOW + 240_000 } as const;

function progress(job: Partial<BackupJob> | null, parts: Partial<BackupProgress> = {}) {
  const value = job && backupJob({ ...ENDED, ...job });
  return renderBackupProgress({
    run: RUN,
    job: seen(value, NOW),
    before: backupJob(),
    suspended: false,
    at: NOW,
    ...parts,
  }).embed;
}

describe('the progress of a backup', () => {
  it.each([
    [
      'that waits for its pod',
      { state: 'running', startedAt: null, endedAt: null },
      'main: backup is starting…',
      COLOURS.calm,
    ],
    ['that runs', { state: 'running', endedAt: null }, 'main: backup is running…', COLOURS.calm],
    ['that succeeded', { state: 'succeeded' }, 'main: backup succeeded in 4 min', COLOURS.resolved],
    ['that shrank', { state: 'succeeded', sizeBytes: 1_000 }, 'main: backup succeeded in 4 min', COLOURS.warning],
    ['that failed', { state: 'failed' }, 'main: backup failed after 4 min', COLOURS.critical],
    ['whose Job is gone', null, "main: the backup's Job is gone", COLOURS.unknown],
  ] as const)('%s has its title and its colour', (_, job, title, colour) => {
    expect(progress(job)).toMatchObject({ title, colour });
  });

  it('compares the size with the one before', () => {
    expect(progress({ state: 'succeeded', sizeBytes: 3_300_000_000 })?.description).toContain(
      'Size: **3.1 GiB**, 10 % more than the one before it (2.8 GiB)',
    );
    expect(progress({ state: 'succeeded', sizeBytes: 1_000 })?.description).toContain('much smaller');
    expect(progress({ state: 'succeeded', sizeBytes: null })?.description).toContain('It told no size');
  });

  it('says where the CronJob is suspended: this one runs, and none after it', () => {
    const running = { state: 'running', endedAt: null } as const;
    expect(progress(running)?.description).not.toContain('suspended');
    expect(progress(running, { suspended: true })?.description).toContain('CronJob is suspended');
  });

  it('says that it does not know where the cluster gives no answer', () => {
    const embed = progress(null, { job: unseen('no answer within 10 s', NOW) });
    expect(embed).toMatchObject({ title: 'main: backup, state unknown', colour: COLOURS.unknown });
    expect(embed?.description).toContain('no answer within 10 s');
  });

  it('offers another one where it failed', () => {
    const { buttons } = renderBackupProgress({
      run: RUN,
      job: seen(backupJob({ ...ENDED, state: 'failed' }), NOW),
      before: null,
      suspended: false,
      at: NOW,
    });
    expect(buttons?.map(({ label }) => label)).toEqual(['Backups', 'Back up again']);
  });

  it('shows what the pod says without letting it format or ping', () => {
    const text =
      progress({ state: 'failed', reason: '@everyone **boom**', lastLines: ['```', '@here'] })?.description ?? '';
    expect(text).not.toMatch(/@everyone|\*\*boom/);
    expect(text.match(/```/g)).toHaveLength(2);
  });
});

describe('the last backups', () => {
  const report = (parts: Partial<Backups>) =>
    renderBackupReport({ database: 'main', at: NOW, maxAgeMs: 26 * 3_600_000, backups: backups(parts) });

  it('gives the age of the last success, and each with its result and size', () => {
    const failed = backupJob({ uid: 'f', state: 'failed', reason: 'BackoffLimitExceeded', createdAt: NOW - 60_000 });
    const { embed, buttons } = report({ jobs: [failed, backupJob()] });
    expect(embed).toMatchObject({ title: 'main: backed up within 26 h', colour: COLOURS.warning });
    expect(embed?.description).toContain('⚠️ **The last one failed**');
    expect(embed?.fields?.[0]?.value).toMatch(
      /❌ failed .*BackoffLimitExceeded.*\n✅ succeeded .*2\.8 GiB · took 1 min 30 s/,
    );
    expect(buttons?.map(({ label }) => label)).toEqual(['Refresh', 'Back up now']);
  });

  it.each([
    ['none is known', { jobs: [] }, /no successful backup is known/, /None that Kubernetes/],
    [
      'the last one is old',
      { jobs: [backupJob({ endedAt: NOW - 30 * 3_600_000 })] },
      /no backup for more than 26 h/,
      /./,
    ],
    ['the schedule is suspended', { suspended: true }, /backed up within 26 h/, /./],
  ] as const)('warns where %s', (_, parts, title, list) => {
    const { embed } = report(parts);
    expect(embed?.title).toMatch(title);
    expect(embed?.colour).toBe(COLOURS.warning);
    expect(embed?.fields?.[0]?.value).toMatch(list);
  });
  it('is calm where the last one went well', () => {
    expect(report({}).embed?.colour).toBe(COLOURS.resolved);
  });

  it('warns of a last one that is much smaller, and compares each with the one before', () => {
    const small = backupJob({ uid: 's', sizeBytes: 1_000_000_000, createdAt: NOW - 60_000 });
    const { embed } = report({ jobs: [small, backupJob()] });
    expect(embed).toMatchObject({ colour: COLOURS.warning, description: expect.stringContaining('much smaller') });
    expect(embed?.fields?.[0]?.value.split('\n')[0]).toMatch(/ · 953\.7 MiB \(−67 %\) ⚠️ · /);
  });

  it('gives the command that lets a suspended schedule run again', () => {
    const command = `kubectl --namespace default patch cronjob`;
    expect(report({ suspended: true }).embed?.description).toContain(command);
  });
});
