import { createBackupDesk } from './backups/follow-backups.ts';
import type { BotStreams } from './bot-journal.ts';
import type { ActRecorder } from './incidents/timeline.ts';
import type { BackupJobs, BackupProgress } from './model/backup.ts';
import type { Clock } from './model/clock.ts';
import { compareSizes } from './model/compare-backups.ts';
import { formatDuration } from './model/duration.ts';
import type { Log } from './model/log.ts';
import {
  BACKUP,
  type BackedUpDatabase,
  type BackupOperations,
  createBackupOperations,
} from './operations/backup-operations.ts';
import { renderBackupProgress } from './render/backup-message.ts';
import type { Message } from './render/message.ts';

/** Wires backups by hand: what people ask for, and the following of it to its end, over restarts. */
export async function startBackups(options: {
  readonly databases: readonly BackedUpDatabase[];
  /** Null: no cluster is configured. */
  readonly jobs: BackupJobs | null;
  readonly streams: Pick<BotStreams, 'open' | 'blindSince'>;
  /** Whether nothing is left to do. Never throws. */
  readonly editMessage: (channelId: string, messageId: string, message: Message) => Promise<boolean>;
  readonly recorder: ActRecorder;
  readonly clock: Clock;
  readonly log: Log;
}): Promise<{ readonly operations: BackupOperations; stop(): Promise<void> }> {
  const { databases, jobs, streams, editMessage, recorder, clock, log } = options;
  const desk = jobs && (await openDesk(jobs));

  async function openDesk(reached: BackupJobs) {
    const journal = streams.open('backups');
    const past = await journal.load().catch((err: unknown) => {
      log.error({ err }, 'the journal cannot be read: backups that were followed are not followed any more');
      return [];
    });
    return createBackupDesk({
      jobs: reached,
      journal,
      past,
      async show(progress, { channelId, messageId }) {
        const isDone = await editMessage(channelId, messageId, renderBackupProgress(progress));
        if (!isDone) log.warn({ channelId, messageId }, 'the progress of a backup could not be shown: tried again');
        return isDone;
      },
      async ended(progress, givenUp) {
        const { by, database } = progress.run;
        const summary = summariseBackup(progress, givenUp);
        await recorder.record({
          at: progress.at,
          by,
          fact: { type: 'act', act: BACKUP, database, stage: 'done', confirmation: null, summary },
        });
      },
      clock,
      log,
    });
  }

  return {
    operations: createBackupOperations({
      databases,
      jobs,
      follower: desk ?? NOBODY,
      recorder,
      journalBlind: () => streams.blindSince(),
      clock,
    }),
    async stop() {
      await desk?.stop();
    },
  };
}

/** Where no cluster is configured nothing is started, and so nothing is followed. */
const NOBODY = { follow: async () => {}, standsAt: () => {} };

/** In one line, for the timeline. */
function summariseBackup({ run, job, before }: BackupProgress, givenUp: boolean): string {
  const { name } = run.job;
  if (givenUp) return `${name} is still running after a day: not followed any more`;
  if (!job.ok || job.value === null) return `${name} is gone: what became of it is unknown`;
  const { state, startedAt, endedAt, reason } = job.value;
  const took = startedAt !== null && endedAt !== null ? ` in ${formatDuration(endedAt - startedAt)}` : '';
  const size = state === 'succeeded' ? compareSizes(job.value, before) : null;
  return `${name} ${state}${took}${size ? `: ${size.words}` : ''}${reason && state === 'failed' ? `: ${reason}` : ''}`;
}
