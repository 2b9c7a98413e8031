import { z } from 'zod';
import type { BackupJob, Backups } from '../model/backup.ts';
import type { Clock } from '../model/clock.ts';
import { lastSuccessOf } from '../model/compare-backups.ts';
import { cut, stripInvisible } from '../model/plain-text.ts';
import type { WorkloadReference } from '../model/workload-reference.ts';
import { ApiError } from './api-error.ts';
import type { KubernetesClient } from './client.ts';
import { listAll } from './list-all.ts';
import { list, metadataSchema, readTime } from './metadata.ts';
import { nullIfMissing } from './observe.ts';
import { pathOf } from './paths.ts';
import { type PodWords, readPodWords } from './read-pod-words.ts';

/** Kubernetes keeps three successes and one failure unless told otherwise; more tell nobody anything. */
const MOST = 10;

/** A log that is not to be had by then will not be had later. */
const HEARD_WITHIN_MS = 300_000;

/** What is known of Jobs that are over: they do not change any more. */
export type EndedJobs = Map<string, BackupJob>;

/**
 * The CronJob and its newest Jobs; null where there is no such CronJob. `ended` is read and added to. Needs `get` on
 * cronjobs, `list` on jobs and pods, `get` on pods/log (without which sizes are told by termination messages only). Rejects
 * with ApiError, or ZodError.
 */
export async function readBackups(
  client: KubernetesClient,
  clock: Clock,
  cronJob: WorkloadReference,
  ended: EndedJobs,
): Promise<Backups | null> {
  const found = await nullIfMissing(readCronJob(client, cronJob));
  if (found === null) return null;
  const { items } = await listAll(client, clock, {
    path: `/apis/batch/v1/namespaces/${encodeURIComponent(cronJob.namespace)}/jobs`,
    parse: (object) => jobSchema.parse(object),
  });
  const own = items
    .filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uid === found.metadata.uid) === true)
    .sort((a, b) => createdAt(b) - createdAt(a))
    // One that runs is told however old it is: somebody may follow it.
    .filter((job, index) => index < MOST || !isOver(job));
  const jobs = await Promise.all(
    own.map(
      async (job) => ended.get(job.metadata.uid) ?? toBackupJob(job, await readPodWords(client, clock, job.metadata)),
    ),
  );
  ended.clear();
  const heardBefore = clock.now() - HEARD_WITHIN_MS;
  for (const job of jobs) {
    const heard = job.sizeBytes !== null || (job.endedAt ?? 0) < heardBefore;
    if (job.state !== 'running' && heard) ended.set(job.uid, job);
  }
  return {
    cronJob,
    schedule: found.spec.schedule,
    suspended: found.spec.suspend === true,
    // The status comes a moment after the Job's end, and old servers do not write it at all.
    lastSuccessAt: lastSuccessOf({ lastSuccessAt: readTime(found.status?.lastSuccessfulTime), jobs }),
    jobs,
  };
}

/** Rejects with ApiError, or ZodError. */
export async function readCronJob(client: KubernetesClient, reference: WorkloadReference): Promise<CronJob> {
  const path = reference.kind === 'cronjob' ? pathOf(reference) : null;
  if (path === null) throw new ApiError('failed', `A ${reference.kind} makes no backups: a cronjob does.`);
  return cronJobSchema.parse(await client.request({ path }));
}

/** One Job as the API tells it. Throws ZodError. */
export function parseJob(object: unknown, words: PodWords): BackupJob {
  return toBackupJob(jobSchema.parse(object), words);
}

function toBackupJob(job: z.infer<typeof jobSchema>, { reason, sizeBytes, lastLines }: PodWords): BackupJob {
  const { metadata, status } = job;
  const is = (type: string) => (status?.conditions ?? []).find((each) => each.type === type && each.status === 'True');
  const [complete, failed] = [is('Complete') ?? is('SuccessCriteriaMet'), is('Failed') ?? is('FailureTarget')];
  const why = failed && [failed.reason, failed.message].filter(Boolean).join(': ');
  const over = complete ?? failed;
  return {
    name: metadata.name,
    uid: metadata.uid,
    state: complete ? 'succeeded' : failed ? 'failed' : 'running',
    createdAt: createdAt(job),
    startedAt: readTime(status?.startTime),
    endedAt: over ? (readTime(status?.completionTime) ?? readTime(over.lastTransitionTime)) : null,
    manual: metadata.annotations['cronjob.kubernetes.io/instantiate'] === 'manual',
    reason: why ? cut(stripInvisible(why), 300) : reason,
    sizeBytes,
    lastLines,
  };
}

function isOver({ status }: z.infer<typeof jobSchema>): boolean {
  const ends = new Set(['Complete', 'SuccessCriteriaMet', 'Failed', 'FailureTarget']);
  return (status?.conditions ?? []).some((each) => ends.has(each.type) && each.status === 'True');
}

function createdAt({ metadata }: z.infer<typeof jobSchema>): number {
  return readTime(metadata.creationTimestamp) ?? 0;
}

const jobSchema = z.object({
  metadata: metadataSchema,
  status: z
    .object({
      startTime: z.string().nullish(),
      completionTime: z.string().nullish(),
      conditions: list(
        z.object({
          type: z.string(),
          status: z.string(),
          reason: z.string().nullish(),
          message: z.string().nullish(),
          lastTransitionTime: z.string().nullish(),
        }),
      ),
    })
    .nullish(),
});

const cronJobSchema = z.object({
  metadata: metadataSchema,
  spec: z.object({
    schedule: z.string(),
    suspend: z.boolean().nullish(),
    jobTemplate: z.object({
      metadata: z
        .object({
          labels: z.record(z.string(), z.string()).nullish(),
          annotations: z.record(z.string(), z.string()).nullish(),
        })
        .nullish(),
      spec: z.record(z.string(), z.unknown()),
    }),
  }),
  status: z.object({ lastSuccessfulTime: z.string().nullish() }).nullish(),
});

export type CronJob = z.infer<typeof cronJobSchema>;
