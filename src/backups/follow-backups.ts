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

export function createBackupDesk(options: {
  readonly jobs: BackupJobs;
  /** The stream `backups`; what it remembers. */
  readonly journal: Pick<StreamWriter, 'write'>;
  readonly past: readonly StoredEvent[];
  /** Shows it in its message; called when something has changed. Never throws. */
  readonly show: (progress: BackupProgress, place: NonNullable<Followed['shownAt']>) => Promise<void>;
  /** Told once for each asking, when it is over. Never throws. */
  readonly ended: (progress: BackupProgress, givenUp: boolean) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}): BackupDesk {
  const { jobs, journal, show, ended, clock, log } = options;
  const stopping = new AbortController();
  let followed = foldFollowed(options.past);
  const shown = new Map<string, string>();
  const running = new Set<Promise<void>>();

  async function write(event: BackupEvent): Promise<void> {
    await journal.write([toJournal(event, clock.now())]);
  }

  function update(run: BackupRun, change: (each: Followed) => Followed | null): void {
    followed = followed.flatMap((each) => (isSame(keyOf(each.run), keyOf(run)) ? (change(each) ?? []) : each));
  }

  async function followOne({ run, cronJob }: Followed): Promise<void> {
    while (!stopping.signal.aborted) {
      const found = await jobs.read(cronJob);
      const at = clock.now();
      const job: Observed<BackupJob | null> = found.ok
        ? seen(found.value?.jobs.find(({ uid }) => uid === run.job.uid) ?? null, found.at)
        : found;
      const before = job.ok && job.value && found.ok && found.value ? findBefore(job.value, found.value.jobs) : null;
      const progress: BackupProgress = { run, job, before, at };
      const isOver = job.ok && job.value?.state !== 'running';
      const givenUp = !isOver && at - run.askedAt > FOLLOWED_FOR_MS;
      await tell(progress);
      if (isOver || givenUp) {
        await ended(progress, givenUp);
        await write({ type: 'ended', data: keyOf(run) });
        update(run, () => null);
        return;
      }
      await clock.sleep(at - run.askedAt < PACE.soonForMs ? PACE.soonMs : PACE.laterMs, stopping.signal);
    }
  }

  /** Where it has changed: an edit that brings nothing new costs one that does (facts.md, Discord 5). */
  async function tell(progress: BackupProgress): Promise<void> {
    const place = followed.find(({ run }) => isSame(keyOf(run), keyOf(progress.run)))?.shownAt;
    if (!place) return;
    const { job } = progress;
    const news = JSON.stringify(job.ok ? job.value : job.reason);
    if (shown.get(place.messageId) === news) return;
    await show(progress, place);
    shown.set(place.messageId, news);
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
