import type { BackupJob, Backups } from '../model/backup.ts';
import { compareSizes, findBefore, lastSuccessOf } from '../model/compare-backups.ts';
import { formatDuration } from '../model/duration.ts';
import type { Observed } from '../model/observed.ts';

export const BACKUP_FAULTS = ['unreadable', 'missing', 'none', 'too-old', 'last-failed', 'much-smaller'] as const;

export interface BackupFault {
  readonly kind: (typeof BACKUP_FAULTS)[number];
  /** Without a full stop. */
  readonly words: string;
}

/** What is wanting for a harsh rung: a success younger than `maxAgeMs`, and not much smaller than the one before (product.md §7). Pure. */
export function judgeBackups(read: Observed<Backups | null>, maxAgeMs: number, now: number): readonly BackupFault[] {
  if (!read.ok) return [{ kind: 'unreadable', words: `the backups cannot be read: ${read.reason}` }];
  if (read.value === null) return [{ kind: 'missing', words: 'the configured CronJob of the backups does not exist' }];
  const { jobs } = read.value;
  const lastAt = lastSuccessOf(read.value);
  const ended = jobs.filter(({ state }) => state !== 'running');
  return [
    ...judgeAge(lastAt, maxAgeMs, now),
    ...(newestOf(ended)?.state === 'failed' ? [{ kind: 'last-failed' as const, words: 'the last backup failed' }] : []),
    ...judgeSize(jobs),
  ];
}

/** `the last backup is 3 h old`; faults aside. */
export function describeBackups({ jobs, lastSuccessAt }: Backups, now: number): string {
  const at = lastSuccessOf({ jobs, lastSuccessAt });
  return at === null ? 'there is no backup' : `the last backup is ${formatDuration(Math.max(0, now - at))} old`;
}

function judgeAge(lastAt: number | null, maxAgeMs: number, now: number): readonly BackupFault[] {
  if (lastAt === null) return [{ kind: 'none', words: 'no backup that succeeded is known' }];
  if (now - lastAt <= maxAgeMs) return [];
  const age = formatDuration(now - lastAt);
  return [
    { kind: 'too-old', words: `the last backup is ${age} old, and ${formatDuration(maxAgeMs)} is the most allowed` },
  ];
}

function judgeSize(jobs: readonly BackupJob[]): readonly BackupFault[] {
  const last = newestOf(jobs.filter(({ state }) => state === 'succeeded'));
  const sizes = last && compareSizes(last, findBefore(last, jobs));
  return sizes?.shrank ? [{ kind: 'much-smaller', words: `the last backup has ${sizes.words}` }] : [];
}

function newestOf(jobs: readonly BackupJob[]): BackupJob | null {
  return jobs.toSorted((a, b) => b.createdAt - a.createdAt)[0] ?? null;
}
