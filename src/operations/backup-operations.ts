import type { ActRecorder } from '../incidents/timeline.ts';
import type { BackupJobs, BackupProgress, BackupReport, BackupRun, Backups } from '../model/backup.ts';
import { usableConnections } from '../model/capacity.ts';
import type { Clock } from '../model/clock.ts';
import { findBefore } from '../model/compare-backups.ts';
import { seen } from '../model/observed.ts';
import { countSessions } from '../model/session-group.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { UserFacingError } from '../model/user-facing-error.ts';
import { parseWorkloadReference, type WorkloadReference } from '../model/workload-reference.ts';
import { asSentence } from './describe-obstacle.ts';
import { chooseDatabase } from './read-status.ts';

/** `/db backup-run` and `/db backup-status`. What cannot be done throws UserFacingError with what to do. */
export interface BackupOperations {
  /** Starts the Job of the backup's CronJob now, or joins the one that runs; it is followed to its end. */
  run(database: string | undefined, by: string): Promise<BackupProgress>;
  /** Where everybody sees how far it has come: that message is kept up to date, over restarts too. */
  standsAt(run: BackupRun, place: { readonly channelId: string; readonly messageId: string }): void;
  /** The last ones, newest first. */
  readReport(database: string | undefined): Promise<BackupReport>;
}

/** The name of the act in timelines. */
export const BACKUP = 'backup';

/** One watched database as far as its backups matter. */
export interface BackedUpDatabase {
  readonly name: string;
  readonly backup: { readonly cronJob: string; readonly maxAgeMs: number } | undefined;
  readonly watch: { latest(): Pick<Snapshot, 'sessions' | 'server'> };
}

/** Takes on a run, to follow it to its end. */
export interface BackupFollower {
  follow(run: BackupRun, cronJob: WorkloadReference): Promise<void>;
  standsAt(run: BackupRun, place: { readonly channelId: string; readonly messageId: string }): void;
}

export function createBackupOperations(parts: {
  readonly databases: readonly BackedUpDatabase[];
  /** Null: no cluster is configured. */
  readonly jobs: BackupJobs | null;
  readonly follower: BackupFollower;
  readonly recorder: ActRecorder;
  /** Why the journal does not answer; null while it does. Without it no backup is started (product.md §7, last bullet). */
  readonly journalBlind: () => { readonly reason: string } | null;
  readonly clock: Clock;
}): BackupOperations {
  const { databases, follower, recorder, clock } = parts;

  async function find(name: string | undefined) {
    const database = chooseDatabase(databases, name);
    const { jobs } = parts;
    if (!database.backup) {
      const how = `backup: { cronJob: namespace/cronjob/name }`;
      throw new UserFacingError(
        `Breakwater knows of no backups of ${database.name}: write \`${how}\` under it in the configuration.`,
      );
    }
    if (!jobs) throw new UserFacingError(NO_CLUSTER);
    const cronJob = parseWorkloadReference(database.backup.cronJob);
    if (cronJob === null) throw new Error(`the configuration let ${database.backup.cronJob} through`);
    return { database, backup: database.backup, jobs, cronJob };
  }

  async function record(by: string, database: string, stage: 'confirmed' | 'refused', summary: string): Promise<void> {
    await recorder.record({
      at: clock.now(),
      by,
      fact: { type: 'act', act: BACKUP, database, stage, confirmation: null, summary },
    });
  }

  async function refuse(by: string, database: string, reason: string): Promise<never> {
    await record(by, database, 'refused', reason);
    throw new UserFacingError(reason);
  }

  return {
    async run(name, by) {
      const { database, jobs, cronJob } = await find(name);
      const journal = parts.journalBlind();
      if (journal) return refuse(by, database.name, describeUnwritten(cronJob, journal.reason));
      const full = describeFull(database);
      const running = full ? await jobs.read(cronJob) : null;
      const isRunning = running?.ok && running.value?.jobs.some(({ state }) => state === 'running');
      if (full && !isRunning) return refuse(by, database.name, full);
      const started = await jobs.start(cronJob);
      if (started.kind === 'refused')
        return refuse(by, database.name, `No backup was started. ${asSentence(started.reason)}`);
      if (started.kind === 'unknown') {
        const reason = `Whether a backup was started is unknown: ${asSentence(started.reason)} See /db backup-status before you try again.`;
        return refuse(by, database.name, reason);
      }
      const { job, kind } = started;
      const run: BackupRun = {
        database: database.name,
        how: kind,
        by,
        askedAt: clock.now(),
        job: { name: job.name, uid: job.uid },
      };
      const words = kind === 'started' ? `started ${job.name}` : `joined ${job.name}, which was running`;
      await record(by, database.name, 'confirmed', words);
      await follower.follow(run, cronJob);
      const found = await jobs.read(cronJob);
      const backups = found.ok ? found.value : null;
      const before = backups && findBefore(job, backups.jobs);
      const at = clock.now();
      return { run, job: seen(job, at), before, suspended: backups?.suspended === true, at };
    },
    standsAt: (run, place) => follower.standsAt(run, place),
    async readReport(name) {
      const { database, backup, jobs, cronJob } = await find(name);
      const found = await jobs.read(cronJob);
      if (!found.ok)
        throw new UserFacingError(
          `The backups of ${database.name} cannot be read: ${asSentence(found.reason)} Try again, or look by hand: kubectl --namespace ${cronJob.namespace} get jobs`,
        );
      const backups: Backups | null = found.value;
      if (backups === null) {
        throw new UserFacingError(
          `There is no CronJob ${backup.cronJob}: nothing makes backups of ${database.name}. Mend \`backup.cronJob\`, or create it.`,
        );
      }
      return { database: database.name, at: clock.now(), maxAgeMs: backup.maxAgeMs, backups };
    },
  };
}

const NO_CLUSTER =
  'Breakwater does not reach a cluster: write `kubernetes:` into the configuration, so that it can see the backups and start one.';

function describeUnwritten({ namespace, name }: WorkloadReference, reason: string): string {
  const command = `kubectl --namespace ${namespace} create job --from=cronjob/${name} ${name.slice(0, 40)}-by-hand`;
  return `No backup was started: Breakwater's journal does not answer, so nobody would know of it after a restart: ${asSentence(reason)} If it cannot wait: ${command}`;
}

/** A backup logs in as everybody does: where nobody gets in, it would only fail (facts.md, Kubernetes 9). Null: there is room, or nobody knows. */
function describeFull({ name, watch }: BackedUpDatabase): string | null {
  const { sessions, server } = watch.latest();
  if (!sessions.ok || !server.ok) return null;
  const used = countSessions(sessions.value);
  const usable = usableConnections(server.value.capacity);
  if (used < usable) return null;
  return `No backup was started: ${name} has ${used} connections in use and ${usable} usable, so the backup would not get in. Make room first: /db kill-stale.`;
}
