import { createHash } from 'node:crypto';
import type { BackupJob, BackupJobs, BackupStart } from '../model/backup.ts';
import type { Clock } from '../model/clock.ts';
import { formatWorkloadReference, type WorkloadReference } from '../model/workload-reference.ts';
import { ApiError } from './api-error.ts';
import type { KubernetesClient } from './client.ts';
import type { Observe } from './observe.ts';
import { type CronJob, type EndedJobs, parseJob, readBackups, readCronJob } from './read-backups.ts';

/** The backup's CronJob and its Jobs. Starting one needs `create` on jobs in its namespace beside what reading needs. */
export function createBackupJobs(options: {
  readonly client: KubernetesClient;
  readonly observe: Observe;
  readonly clock: Clock;
}): BackupJobs {
  const { client, observe, clock } = options;
  const ended = new Map<string, EndedJobs>();
  const endedOf = (cronJob: WorkloadReference): EndedJobs => {
    const key = formatWorkloadReference(cronJob);
    const known = ended.get(key) ?? new Map<string, BackupJob>();
    ended.set(key, known);
    return known;
  };
  const read = (cronJob: WorkloadReference) => observe(() => readBackups(client, clock, cronJob, endedOf(cronJob)));

  return {
    read,
    async start(cronJob): Promise<BackupStart> {
      const before = await read(cronJob);
      if (!before.ok) return { kind: 'refused', reason: `The backups cannot be looked at: ${before.reason}` };
      if (before.value === null)
        return { kind: 'refused', reason: `There is no CronJob ${formatWorkloadReference(cronJob)}.` };
      const running = before.value.jobs.find(({ state }) => state === 'running');
      if (running) return { kind: 'joined', job: running };
      const path = `/apis/batch/v1/namespaces/${encodeURIComponent(cronJob.namespace)}/jobs`;
      const template = await observe(() => readCronJob(client, cronJob));
      if (!template.ok) return { kind: 'refused', reason: template.reason };
      // Of two that look at the same moment both come to the same name, and the server lets one of them have it.
      const name = nameJob(cronJob, [template.value.metadata.uid, before.value.jobs[0]?.uid ?? 'none']);
      const own = `${path}/${encodeURIComponent(name)}`;
      try {
        const body = instantiate(template.value, cronJob, name);
        return { kind: 'started', job: parseJob(await client.request({ method: 'POST', path, body }), UNHEARD) };
      } catch (error) {
        const known = error instanceof ApiError && !error.outcomeUnknown ? error : null;
        if (known?.fault === 'already-exists') return find(own, 'joined', known.message);
        // Anything else may have made it: the world knows.
        return known ? { kind: 'refused', reason: known.message } : find(own, 'started', describe(error));
      }
    },
  };

  async function find(path: string, kind: 'started' | 'joined', cause: string): Promise<BackupStart> {
    const found = await observe(async () => parseJob(await client.request({ path }), UNHEARD));
    return found.ok ? { kind, job: found.value } : { kind: 'unknown', reason: `${cause} And then: ${found.reason}` };
  }
}

function describe(error: unknown): string {
  return error instanceof ApiError ? error.message : 'What the API server answered cannot be read.';
}

const UNHEARD = { reason: null, sizeBytes: null, lastLines: [] };
/** A Job's name becomes a label of its pods, 63 characters at most. */
const LONGEST_NAME = 63;

/** The same for everybody who saw the same CronJob and its newest Job; one that was made anew may have left Jobs behind. */
function nameJob({ name }: WorkloadReference, uids: readonly string[]): string {
  const suffix = `-manual-${createHash('sha256').update(uids.join()).digest('hex').slice(0, 8)}`;
  return `${name.slice(0, LONGEST_NAME - suffix.length).replace(/[.-]+$/, '')}${suffix}`;
}

/** As `kubectl create job --from=cronjob/…` does (facts.md, Kubernetes 9). */
function instantiate({ metadata, spec }: CronJob, { namespace }: WorkloadReference, name: string) {
  const { jobTemplate } = spec;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name,
      namespace,
      labels: jobTemplate.metadata?.labels ?? {},
      annotations: { ...jobTemplate.metadata?.annotations, 'cronjob.kubernetes.io/instantiate': 'manual' },
      ownerReferences: [
        { apiVersion: 'batch/v1', kind: 'CronJob', name: metadata.name, uid: metadata.uid, controller: true },
      ],
    },
    spec: jobTemplate.spec,
  };
}
