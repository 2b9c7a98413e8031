import { describe, expect, it } from 'vitest';
import backupStale from '../../../src/alerts/rules/backup-stale.ts';
import type { Backups } from '../../../src/model/backup.ts';
import { seen, unseen } from '../../../src/model/observed.ts';
import { NOW } from '../../support/builders.ts';
import { backupJob, backups, clusterView } from '../../support/place-builders.ts';

const HOUR_MS = 3_600_000;
const look = (value: Backups | null) => ({ found: seen(value, NOW), maxAgeMs: 26 * HOUR_MS });
const judge = (value: Backups | null) => backupStale.evaluate(clusterView({ backups: look(value) }))[0];
const old = (parts: Partial<Backups> = {}) => judge(backups({ lastSuccessAt: NOW - 27 * HOUR_MS, ...parts }));

describe('backup-stale', () => {
  it.each([
    [26 * HOUR_MS, 'clear'],
    [26 * HOUR_MS + 1, 'firing'],
    [-HOUR_MS, 'clear'],
  ] as const)('judges a last success %i ms ago as %s', (ageMs, standing) => {
    expect(judge(backups({ lastSuccessAt: NOW - ageMs }))).toMatchObject({
      standing,
      value: Math.max(0, ageMs),
      fireAt: 26 * HOUR_MS,
      unit: 'duration',
    });
  });

  it('fires where none has ever succeeded, and where there is no CronJob', () => {
    expect(judge(backups({ lastSuccessAt: null, jobs: [] }))).toMatchObject({ standing: 'firing', value: null });
    expect(judge(null)).toMatchObject({ standing: 'firing', headline: 'no backup: its CronJob does not exist' });
  });

  it('says when the last one was, in words that stay the same while it ages', () => {
    expect(old()?.headline).toBe('the last successful backup ended at 2020-12-10 10:24 UTC, more than 26 h ago');
  });

  it('says that its CronJob is suspended, though the last one be fresh', () => {
    expect(old({ suspended: true })).toMatchObject({
      evidence: expect.stringContaining('default/cronjob/backup is suspended'),
      firstStep: expect.stringContaining('who suspended it'),
    });
    expect(judge(backups({ suspended: true }))).toMatchObject({
      standing: 'clear',
      evidence: expect.stringContaining('is suspended'),
    });
  });

  it('says that one is running, and that it is to be waited for', () => {
    const jobs = [
      backupJob({ name: 'backup-2', state: 'running', startedAt: NOW - 60_000 }),
      backupJob({ state: 'failed', reason: 'BackoffLimitExceeded' }),
    ];
    expect(old({ jobs })).toMatchObject({
      standing: 'firing',
      evidence:
        'The CronJob default/cronjob/backup runs at 0 3 * * *. backup-2 has been running since 2020-12-11 13:23 UTC. The last one failed: backup-1, BackoffLimitExceeded.',
      firstStep: expect.stringMatching(/^One is running: wait/),
    });
  });

  it('is unknown where they cannot be read', () => {
    const view = clusterView({ backups: { found: unseen('forbidden', NOW), maxAgeMs: 1 } });
    expect(backupStale.evaluate(view)).toMatchObject([
      { subject: 'backup', standing: 'unknown', headline: 'the backups are unknown: forbidden' },
    ]);
  });
});
