import type { StoredEvent } from '../journal/journal.ts';
import type { StreamWriter } from '../journal/stream-writer.ts';
import type { BackupJob, BackupJobs, BackupProgress, BackupRun } from '../model/backup.ts';
import type { Clock } from '../model/clock.ts';
import { findBefore } from '../model/compare-backups.ts';
import type { Log } from '../model/log.ts';
import { type Observed, seen } from '../model/observed.ts';
import type { WorkloadReference } from '../model/workload-reference.ts';
import { type BackupEvent, type Followed, foldFollowed, isSame, keyOf, toJournal } from './backup-events.ts';

/** Follows backups that people asked for to their ends, over restarts of the bot. */
export interface BackupDesk {
  follow(run: BackupRun, cronJob: WorkloadReference): Promise<void>;
  standsAt(run: BackupRun, place: { readonly channelId: string; readonly messageId: string }): void;
  /** How many are followed. */
  readonly size: number;
  stop(): Promise<void>;
}

/** A person watches at first; later the hours of a large one go by. */
const PACE = { soonMs: 3_000, soonForMs: 120_000, laterMs: 15_000 } as const;
/** Longer takes no backup that somebody still waits for; its message says where to look. */
const FOLLOWED_FOR_MS = 24 * 3_600_000;
/** A backup may be over before Discord has taken the message that shows it; one that nobody else sees never stands. */
const STANDS_WITHIN_MS = 15_000;

export function createBackupDesk(options: {
  readonly jobs: BackupJobs;
  /** The stream `backups`; what it remembers. */
  readonly journal: Pick<StreamWriter, 'write'>;
  readonly past: readonly StoredEvent[];
  /** Shows it in its message; called when something has changed. Whether nothing is left to do. Never throws. */
  readonly show: (progress: BackupProgress, place: NonNullable<Followed['shownAt']>) => Promise<boolean>;
  /** Told once for each asking, when it is over. Never throws. */
  readonly ended: (progress: BackupProgress, givenUp: boolean) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}): BackupDesk {
  const { jobs, journal, show, ended, clock, log } = options;
  const stopping = new AbortController();
  let followed = foldFollowed(options.past);
  const running = new Set<Promise<void>>();

  async function write(event: BackupEvent): Promise<void> {
    await journal.write([toJournal(event, clock.now())]);
  }

  function update(run: BackupRun, change: (each: Followed) => Followed | null): void {
    followed = followed.flatMap((each) => (isSame(keyOf(each.run), keyOf(run)) ? (change(each) ?? []) : each));
  }

  async function followOne({ run, cronJob }: Followed): Promise<void> {
    let shown: string | null = null;
    let end: BackupProgress | null = null;

    /** Where it has changed: an edit that brings nothing new costs one that does (facts.md, Discord 5). Whether all is told. */
    async function tell(progress: BackupProgress): Promise<boolean> {
      const place = followed.find((each) => isSame(keyOf(each.run), keyOf(run)))?.shownAt;
      if (!place) return clock.now() - run.askedAt > STANDS_WITHIN_MS;
      const { job } = progress;
      const news = JSON.stringify(job.ok ? job.value : job.reason);
      if (shown !== news && (await show(progress, place))) shown = news;
      return shown === news;
    }

    while (!stopping.signal.aborted) {
      // What has ended is not asked for again: its Job may be deleted before Discord answers.
      const progress: BackupProgress = end ?? (await look(run, cronJob));
      const isTold = await tell(progress);
      const isOver = progress.job.ok && progress.job.value?.state !== 'running';
      const isLate = clock.now() - run.askedAt > FOLLOWED_FOR_MS;
      if (end === null && (isOver || isLate)) {
        end = progress;
        await ended(end, !isOver);
      }
      if (end !== null && (isTold || isLate)) {
        await write({ type: 'ended', data: keyOf(run) });
        update(run, () => null);
        return;
      }
      const isSoon = clock.now() - run.askedAt < PACE.soonForMs;
      await clock.sleep(isSoon ? PACE.soonMs : PACE.laterMs, stopping.signal);
    }
  }

  async function look(run: BackupRun, cronJob: WorkloadReference): Promise<BackupProgress> {
    const found = await jobs.read(cronJob);
    const all = found.ok ? (found.value?.jobs ?? []) : [];
    const own = all.find(({ uid }) => uid === run.job.uid) ?? null;
    const job: Observed<BackupJob | null> = found.ok ? seen(own, found.at) : found;
    const suspended = found.ok && found.value?.suspended === true;
    return { run, job, before: own && findBefore(own, all), suspended, at: clock.now() };
  }

  function begin(each: Followed): void {
    const task = followOne(each)
      .catch((err: unknown) => log.error({ err, job: each.run.job.name }, 'a backup is not followed any more'))
      .finally(() => running.delete(task));
    running.add(task);
  }

  for (const each of followed) begin(each);
  return {
    async follow(run, cronJob) {
      await write({ type: 'followed', data: { run, cronJob } });
      const each: Followed = { run, cronJob, shownAt: null };
      followed = [...followed, each];
      begin(each);
    },
    standsAt(run, place) {
      update(run, (each) => ({ ...each, shownAt: place }));
      void write({ type: 'shown', data: { ...keyOf(run), ...place } });
    },
    get size() {
      return followed.length;
    },
    async stop() {
      stopping.abort();
      await Promise.all(running);
    },
  };
}
