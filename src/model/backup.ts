import type { Observed } from './observed.ts';
import type { WorkloadReference } from './workload-reference.ts';

/** One Job of the backup's CronJob. */
export interface BackupJob {
  readonly name: string;
  readonly uid: string;
  readonly state: 'running' | 'succeeded' | 'failed';
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** Started by hand, not by the schedule. */
  readonly manual: boolean;
  /** Why it failed, or why its pod does not start: hostile text; null when nothing is said. */
  readonly reason: string | null;
  /** As its pod said: an annotation or the last lines of its log; null where it says none. */
  readonly sizeBytes: number | null;
  /** The last lines of the log of its pod, cut; hostile text. Empty where it cannot be read. */
  readonly lastLines: readonly string[];
}

/** What is known of the backups of one database. */
export interface Backups {
  readonly cronJob: WorkloadReference;
  readonly schedule: string;
  readonly suspended: boolean;
  /** `status.lastSuccessfulTime`, or the newest succeeded Job's end, whichever is later; null: none known. */
  readonly lastSuccessAt: number | null;
  /** Newest first. */
  readonly jobs: readonly BackupJob[];
}

/** The port to the CronJob that makes the backups. Nothing throws. */
export interface BackupJobs {
  /** `value` null: there is no such CronJob. */
  read(cronJob: WorkloadReference): Promise<Observed<Backups | null>>;
  /**
   * Makes a Job from the CronJob's template, as `kubectl create job --from` does (facts.md, Kubernetes 9). Joins a running one
   * instead of starting another; of two that ask at once, one starts it and one joins it.
   */
  start(cronJob: WorkloadReference): Promise<BackupStart>;
}

/** A backup that somebody asked for, as it is now. A type: it stands in the journal as JSON. */
export type BackupRun = {
  readonly database: string;
  readonly how: 'started' | 'joined';
  /** The member who asked. */
  readonly by: string;
  /** Epoch milliseconds. */
  readonly askedAt: number;
  readonly job: { readonly name: string; readonly uid: string };
};

/** How far it has come. */
export interface BackupProgress {
  readonly run: BackupRun;
  /** `value` null: its Job is gone, and what became of it is not known. */
  readonly job: Observed<BackupJob | null>;
  /** The last one that succeeded before it, to compare with; null where none is known. */
  readonly before: BackupJob | null;
  /** No backup starts by itself. False where that is not known. */
  readonly suspended: boolean;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** What `/db backup-status` says. */
export interface BackupReport {
  readonly database: string;
  readonly at: number;
  readonly maxAgeMs: number;
  readonly backups: Backups;
}

export type BackupStart =
  | { readonly kind: 'started' | 'joined'; readonly job: BackupJob }
  /** Nothing was started; the reason says what to do. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** A timeout: it may have been started. Read the world again. */
  | { readonly kind: 'unknown'; readonly reason: string };
