import { onTestFinished } from 'vitest';
import type { Hooks } from '../../sandbox/kubernetes/api/http/hooks.ts';
import type { KubeObject } from '../../sandbox/kubernetes/api/object.ts';
import { startControllers } from '../../sandbox/kubernetes/controllers/start-controllers.ts';
import { createSandboxKubernetes, type SandboxKubernetes } from '../../sandbox/kubernetes/create-sandbox-kubernetes.ts';
import cronJobs from '../../sandbox/kubernetes/resources/cron-jobs.ts';
import jobs from '../../sandbox/kubernetes/resources/jobs.ts';
import pods from '../../sandbox/kubernetes/resources/pods.ts';
import { createBackupJobs } from '../../src/kubernetes/backup-jobs.ts';
import { createClient } from '../../src/kubernetes/client.ts';
import { createObserver } from '../../src/kubernetes/observe.ts';
import type { BackupJob, BackupJobs } from '../../src/model/backup.ts';
import type { Clock } from '../../src/model/clock.ts';
import { systemClock } from '../../src/time/system-clock.ts';
import { CRON_JOB } from '../support/backups.ts';
import { startFakeKubelet } from '../support/fake-kubelet.ts';
import { createRecordedLog } from '../support/recorded-log.ts';
import { until } from './world.ts';

/** An API server with its controllers and a node, a CronJob `blackbox`, and as many bots as a test wants. */
export interface BackupGround {
  readonly server: SandboxKubernetes;
  /** Another bot's. */
  connect(clock?: Clock): BackupJobs;
  createCronJob(name: string, jobTemplate?: object): KubeObject;
  createJob(
    name: string,
    fields?: { readonly owner?: KubeObject; readonly status?: object; readonly suspend?: boolean },
  ): KubeObject;
  /** The cluster's time moves on: what is made from now on is younger. */
  later(ms: number): void;
  cronJob(): KubeObject;
  /** Another CronJob in its place; the Jobs of the old one stay. */
  replaceCronJob(): Promise<void>;
  /** What the log of a Job's pod says from now on. */
  writeLog(job: string, text: string): void;
  /** Names of the Jobs that there are. */
  jobs(): readonly string[];
  job(name: string): KubeObject | null;
  /** The one pod of a Job, once it runs. */
  runningPod(job: string): Promise<KubeObject>;
  /** Ends the Job by ending its container, which leaves these words; its log is `log`. */
  end(
    job: string,
    how?: { readonly exitCode?: number; readonly message?: string; readonly log?: string },
  ): Promise<void>;
}

export const TEMPLATE = {
  spec: { backoffLimit: 0, template: { spec: { containers: [{ name: 'c', image: 'b' }], restartPolicy: 'Never' } } },
};

export async function createBackupGround(hooks: Hooks & { readonly withNode?: boolean } = {}): Promise<BackupGround> {
  const logs = new Map<string, string>();
  let aheadMs = 0;
  const server = await createSandboxKubernetes({
    namespaces: ['default', 'kube-node-lease'],
    logs: (_, name) => logs.get(name) ?? null,
    clock: { now: () => Date.now() + aheadMs, sleep: (...args) => systemClock.sleep(...args) },
    ...hooks,
  });
  onTestFinished(() => server.close());
  const { api } = server;
  const controllers = startControllers({ api, clock: systemClock });
  onTestFinished(() => controllers.stop());
  if (hooks.withNode !== false) {
    const kubelet = startFakeKubelet({ api, clock: systemClock, node: 'node-a', startMs: 1, stopMs: 1 });
    onTestFinished(() => kubelet.stop());
  }
  const createCronJob = (name: string, jobTemplate: object = TEMPLATE) =>
    api.create(cronJobs, {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name, namespace: 'default' },
      spec: { schedule: '0 4 * * *', jobTemplate },
    });
  createCronJob(CRON_JOB.name);
  const cronJob = () => api.get(cronJobs, 'default', CRON_JOB.name) as KubeObject;

  const podOf = (name: string) =>
    api.list(pods, 'default').find(({ metadata }) => metadata.ownerReferences?.[0]?.uid === job(name)?.metadata.uid);
  const job = (name: string) => api.get(jobs, 'default', name);
  async function runningPod(name: string): Promise<KubeObject> {
    await until(() => podOf(name)?.status?.phase === 'Running');
    return podOf(name) as KubeObject;
  }

  return {
    server,
    createCronJob,
    cronJob,
    async replaceCronJob() {
      api.delete(cronJobs, 'default', CRON_JOB.name, { propagationPolicy: 'Orphan' });
      await until(() => api.get(cronJobs, 'default', CRON_JOB.name) === null);
      createCronJob(CRON_JOB.name);
    },
    writeLog: (name, text) => void logs.set(podOf(name)?.metadata.name ?? '', text),
    job,
    runningPod,
    later(ms) {
      aheadMs += ms;
    },
    connect(clock = systemClock) {
      const source = 'a test';
      const kubeconfig = {
        source,
        server: { name: 'c', server: server.url, skipTLSVerify: true },
        user: { name: 'u' },
      };
      const client = createClient({ kubeconfig, clock });
      onTestFinished(() => client.close());
      return createBackupJobs({ client, clock, observe: createObserver(clock, createRecordedLog()) });
    },
    createJob(name, { owner, status, suspend = false } = {}) {
      const { uid = '', name: ownerName = '' } = owner?.metadata ?? {};
      const references = [{ apiVersion: 'batch/v1', kind: 'CronJob', name: ownerName, uid, controller: true }];
      return api.create(jobs, {
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: { name, namespace: 'default', ...(owner && { ownerReferences: references }) },
        spec: { ...TEMPLATE.spec, suspend },
        ...(status && { status }),
      });
    },
    jobs: () => api.list(jobs, 'default').map(({ metadata }) => metadata.name),
    async end(name, { exitCode = 0, message, log } = {}) {
      const pod = await runningPod(name);
      if (log !== undefined) logs.set(pod.metadata.name, log);
      const finishedAt = new Date().toISOString();
      const terminated = { exitCode, reason: exitCode === 0 ? 'Completed' : 'Error', finishedAt, message };
      const containerStatuses = [{ name: 'c', ready: false, restartCount: 0, state: { terminated } }];
      const phase = exitCode === 0 ? 'Succeeded' : 'Failed';
      const { metadata } = pod;
      api.change(
        pods,
        'default',
        metadata.name,
        ({ status }) => Object.assign(status, { phase, containerStatuses }),
        'status',
      );
      await until(() => (job(name)?.status?.conditions ?? []).length > 1);
    },
  };
}

/** The Jobs as one bot reads them, newest first. */
export async function readJobs(bot: BackupJobs): Promise<readonly BackupJob[]> {
  const read = await bot.read(CRON_JOB);
  if (!read.ok || read.value === null) throw new Error(read.ok ? 'there is no CronJob' : read.reason);
  return read.value.jobs;
}

/** The name of the Job that a bot started. */
export async function startJob(bot: BackupJobs): Promise<string> {
  const started = await bot.start(CRON_JOB);
  if (started.kind !== 'started') throw new Error(JSON.stringify(started));
  return started.job.name;
}
