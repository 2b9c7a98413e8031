import type { KubeObject } from '../api/object.ts';
import cronJobs from '../resources/cron-jobs.ts';
import jobs from '../resources/jobs.ts';
import { jobVerdict } from './decide-job.ts';
import { controllerOf, isDeleted } from './owners.ts';
import { createEventRecorder } from './record-event.ts';
import { type Controller, type ControllerParts, keyOf, parseKey, runController } from './run-controller.ts';

/**
 * Attends to the Jobs of each CronJob, and starts none: the sandbox has no schedule. As the real one (1.36's syncCronJob) it
 * never takes a Job into `status.active` that it did not start itself: it says `UnexpectedJob`, and who looks for running
 * backups must look at Jobs. Their success counts (`lastSuccessfulTime`), and the history limits hold for them.
 */
export function createCronJobController({ api, clock }: ControllerParts): Controller {
  const record = createEventRecorder({ api, clock, component: 'cronjob-controller' });

  function reconcile(key: string): number | null {
    const { namespace, name } = parseKey(key);
    const cronJob = api.get(cronJobs, namespace, name);
    if (!cronJob) return null;
    const owned = api.list(jobs, namespace).filter((job) => controllerOf(job)?.uid === cronJob.metadata.uid);
    const active = (cronJob.status?.active ?? []) as readonly { readonly uid: string; readonly name: string }[];
    const isKnown = ({ metadata }: KubeObject): boolean => active.some(({ uid }) => uid === metadata.uid);
    for (const job of owned) {
      const verdict = jobVerdict(job);
      const jobName = job.metadata.name;
      if (verdict && isKnown(job)) {
        const message = `Saw completed job: ${jobName}, condition: ${verdict}`;
        record(cronJob, { reason: 'SawCompletedJob', message });
      } else if (!verdict && !isKnown(job)) {
        const message = `Saw a job that the controller did not create or forgot: ${jobName}`;
        record(cronJob, { type: 'Warning', reason: 'UnexpectedJob', message });
      }
    }
    const running = new Set(owned.filter((job) => !jobVerdict(job)).map(({ metadata }) => metadata.uid));
    const ends = owned.filter((job) => jobVerdict(job) === 'Complete').map((job) => String(job.status.completionTime));
    api.change(cronJobs, namespace, name, (draft) => (draft.status = summarise(draft.status, running, ends)), 'status');
    if (!isDeleted(cronJob)) forgetOld(cronJob, owned);
    return null;
  }

  function forgetOld(cronJob: KubeObject, owned: readonly KubeObject[]): void {
    const { successfulJobsHistoryLimit = 3, failedJobsHistoryLimit = 1 } = cronJob.spec;
    for (const [verdict, limit] of [
      ['Complete', successfulJobsHistoryLimit],
      ['Failed', failedJobsHistoryLimit],
    ] as const) {
      const over = owned.filter((job) => jobVerdict(job) === verdict && !isDeleted(job)).sort(earliestFirst);
      for (const { metadata } of over.slice(0, Math.max(0, over.length - limit))) {
        api.delete(jobs, metadata.namespace ?? '', metadata.name, { propagationPolicy: 'Background' });
        record(cronJob, { reason: 'SuccessfulDelete', message: `Deleted job ${metadata.name}` });
      }
    }
  }

  return runController({
    api,
    clock,
    reconcile,
    *keysOf(type, object) {
      if (type === cronJobs) yield keyOf(object);
      const owner = type === jobs ? controllerOf(object) : null;
      if (owner?.kind === 'CronJob') yield `${object.metadata.namespace ?? ''}/${owner.name}`;
    },
  });
}

function summarise(before: KubeObject['status'], running: ReadonlySet<string>, ends: readonly string[]) {
  const { active = [], ...rest } = before ?? {};
  const left = (active as readonly { readonly uid: string }[]).filter(({ uid }) => running.has(uid));
  const last = [...ends, ...(rest.lastSuccessfulTime ? [String(rest.lastSuccessfulTime)] : [])].sort().at(-1);
  return { ...(left.length > 0 && { active: left }), ...rest, ...(last !== undefined && { lastSuccessfulTime: last }) };
}

function earliestFirst(one: KubeObject, other: KubeObject): number {
  return Date.parse(one.status?.startTime ?? '') - Date.parse(other.status?.startTime ?? '');
}
