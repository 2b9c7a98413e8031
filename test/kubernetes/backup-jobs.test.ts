import { describe, expect, it, onTestFinished } from 'vitest';
import { createSandboxKubernetes } from '../../sandbox/kubernetes/create-sandbox-kubernetes.ts';
import cronJobs from '../../sandbox/kubernetes/resources/cron-jobs.ts';
import jobs from '../../sandbox/kubernetes/resources/jobs.ts';
import pods from '../../sandbox/kubernetes/resources/pods.ts';
import { createKubernetes } from '../../src/kubernetes/create-kubernetes.ts';
import type { BackupJob, BackupStart, Backups } from '../../src/model/backup.ts';
import { systemClock } from '../../src/time/system-clock.ts';
import { CRON_JOB } from '../support/backups.ts';
import { createRecordedLog } from '../support/recorded-log.ts';
import { makeDirectory } from './world.ts';

const ENDED = '2020-12-11T13:00:00Z';
const container = (name: string) => ({ name, image: `${name}:1` });

async function start(options: Parameters<typeof createSandboxKubernetes>[0] = {}) {
  const server = await createSandboxKubernetes(options);
  onTestFinished(() => server.close());
  const { api } = server;
  const directory = await makeDirectory({ kubeconfig: server.kubeconfig() });
  const kubernetes = await createKubernetes({
    config: { kubeconfig: `${directory}/kubeconfig` },
    environment: {},
    clock: systemClock,
    log: createRecordedLog(),
    random: () => 1,
  });
  onTestFinished(() => kubernetes.close());
  const { backups } = kubernetes;

  function makeCronJob(parts: object = {}): void {
    const template = { spec: { containers: [container('blackbox')], restartPolicy: 'Never' } };
    api.create(cronJobs, {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: CRON_JOB.name, namespace: CRON_JOB.namespace },
      spec: { schedule: '0 4 * * *', jobTemplate: { spec: { template } }, ...parts },
    });
  }

  async function read(): Promise<Backups> {
    const found = await backups.read(CRON_JOB);
    if (!found.ok || found.value === null) throw new Error(found.ok ? 'no CronJob' : found.reason);
    return found.value;
  }

  /** As its controller says it. */
  function end(name: string): void {
    const job = api.get(jobs, CRON_JOB.namespace, name);
    const conditions = [{ type: 'Complete', status: 'True', lastTransitionTime: ENDED }];
    if (job === null) throw new Error(`there is no Job ${name}`);
    api.update(jobs, { ...job, status: { completionTime: ENDED, conditions } }, 'status');
  }

  function makePod(job: { readonly name: string; readonly uid: string }, containers: readonly string[]): void {
    api.create(pods, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: `${job.name}-x`,
        namespace: CRON_JOB.namespace,
        labels: { 'job-name': job.name },
        ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', ...job, controller: true }],
      },
      spec: { containers: containers.map(container) },
      status: { phase: 'Running', containerStatuses: containers.map((name) => ({ name, state: { running: {} } })) },
    });
  }

  return { server, api, backups, makeCronJob, read, end, makePod };
}

async function started(starting: Promise<BackupStart>): Promise<BackupJob> {
  const answer = await starting;
  if (answer.kind !== 'started') throw new Error(JSON.stringify(answer));
  return answer.job;
}

describe('a backup by hand', () => {
  it('is made from the template, also where the CronJob is suspended', async () => {
    const { api, backups, makeCronJob } = await start();
    makeCronJob({ suspend: true });
    const { name } = await started(backups.start(CRON_JOB));
    expect(api.get(jobs, 'default', name)).toMatchObject({
      metadata: {
        annotations: { 'cronjob.kubernetes.io/instantiate': 'manual' },
        ownerReferences: [{ kind: 'CronJob', name: 'blackbox', controller: true }],
      },
      spec: { template: { spec: { containers: [{ image: 'blackbox:1' }] } } },
    });
  });
});

describe('what is known of backups', () => {
  it('has the end of the newest success, whether or not the status of the CronJob has it yet', async () => {
    const { backups, makeCronJob, read, end } = await start();
    makeCronJob();
    const { name } = await started(backups.start(CRON_JOB));
    expect((await read()).lastSuccessAt).toBeNull();
    end(name);
    expect((await read()).lastSuccessAt).toBe(Date.parse(ENDED));
  });

  it('has the size from the log of the backup, though a proxy runs beside it; of a log no password is shown, and no more asked for than is looked at', async () => {
    const { server, backups, makeCronJob, read, makePod } = await start({
      logs: (_namespace, _name, { container: asked }) =>
        asked === 'blackbox' ? '+ PGPASSWORD=hunter2 pg_dump\nsize_bytes=42\n' : 'hello\n',
    });
    makeCronJob();
    makePod(await started(backups.start(CRON_JOB)), ['blackbox', 'proxy']);
    expect((await read()).jobs).toMatchObject([
      { sizeBytes: 42, lastLines: ['+ PGPASSWORD=[redacted] pg_dump', 'size_bytes=42'] },
    ]);
    expect(server.requests.find(({ path }) => path.includes('/log'))?.path).toMatch(/limitBytes=\d+/);
  });
});
