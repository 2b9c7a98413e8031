import type { BackupJob, Backups } from './backup.ts';
import { formatBytes } from './bytes.ts';

/** A backup that shrank below this part of the one before may be half of one (product.md §7, backup check). */
const MUCH_SMALLER = 0.7;

/** The newest that succeeded, and ended before `job` began; null where none is known. Pure. */
export function findBefore(job: Pick<BackupJob, 'uid' | 'createdAt'>, jobs: readonly BackupJob[]): BackupJob | null {
  const earlier = jobs.filter(
    ({ uid, state, createdAt }) => state === 'succeeded' && uid !== job.uid && createdAt <= job.createdAt,
  );
  return earlier.toSorted((a, b) => (b.endedAt ?? b.createdAt) - (a.endedAt ?? a.createdAt))[0] ?? null;
}

/** How the size of one compares with that of the one before: in words, briefly beside others, and whether somebody should look. Null: it has none. */
export function compareSizes(
  job: Pick<BackupJob, 'sizeBytes'>,
  before: Pick<BackupJob, 'sizeBytes'> | null,
): { readonly words: string; readonly brief: string; readonly shrank: boolean } | null {
  const { sizeBytes } = job;
  if (sizeBytes === null) return null;
  const size = formatBytes(sizeBytes);
  if (before === null) return { words: `${size}; there is none before it to compare with`, brief: size, shrank: false };
  if (before.sizeBytes === null)
    return { words: `${size}; the one before it told no size`, brief: size, shrank: false };
  const had = formatBytes(before.sizeBytes);
  if (sizeBytes === 0 || before.sizeBytes === 0)
    return { words: `${size}; the one before it ${had}`, brief: size, shrank: sizeBytes === 0 };
  const ratio = sizeBytes / before.sizeBytes;
  const percent = Math.round(Math.abs(ratio - 1) * 100);
  const how = percent === 0 ? 'as large as' : `${percent} % ${ratio > 1 ? 'more' : 'less'} than`;
  const brief = percent === 0 ? size : `${size} (${ratio > 1 ? '+' : '−'}${percent} %)`;
  return { words: `${size}, ${how} the one before it (${had})`, brief, shrank: ratio < MUCH_SMALLER };
}

/** When the last one that succeeded ended, epoch milliseconds; null where none is known. Pure. */
export function lastSuccessOf({ lastSuccessAt, jobs }: Pick<Backups, 'lastSuccessAt' | 'jobs'>): number | null {
  const ends = jobs.flatMap(({ state, endedAt }) => (state === 'succeeded' && endedAt !== null ? [endedAt] : []));
  return [lastSuccessAt, ...ends].reduce<number | null>(
    (latest, at) => (at === null ? latest : Math.max(latest ?? at, at)),
    null,
  );
}
