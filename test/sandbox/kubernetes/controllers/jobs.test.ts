import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import cronJobs from '../../../../sandbox/kubernetes/resources/cron-jobs.ts';
import jobs from '../../../../sandbox/kubernetes/resources/jobs.ts';
import pods from '../../../../sandbox/kubernetes/resources/pods.ts';
import { type ClusterWorld, startCluster } from './cluster-world.ts';

let world: ClusterWorld;
beforeEach(async () => {
  world = await startCluster(['node-a']);
});
afterEach(() => world.stop());

const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'x' }] } };
const get = (name: string) => world.api.get(jobs, 'shop', name);
const podsOf = (name: string) => world.pods().filter(({ metadata }) => metadata.labels?.['job-name'] === name);
const live = (name: string) => podsOf(name).filter(({ status }) => status?.phase === 'Running');
const conditionsOf = (name: string) => get(name)?.status.conditions?.map(({ type }: { type: string }) => type);
async function createJob(name: string, spec: object = {}, owner?: object): Promise<void> {
  const metadata = { name, namespace: 'shop', ...owner };
  world.api.create(jobs, { apiVersion: 'batch/v1', kind: 'Job', metadata, spec: { template, ...spec } });
  await world.clock.advance(2_000);
}
async function finish(name: string, exitCode: number): Promise<void> {
  for (const pod of live(name)) world.kubelets['node-a']?.finish(pod.metadata.name, exitCode);
  await world.clock.advance(100);
}

describe('a Job', () => {
  it('runs one pod and tells that it is active', async () => {
    await createJob('backup');
    expect(get('backup')?.status).toMatchObject({ active: 1, ready: 1 });
    expect(live('backup')).toHaveLength(1);
  });

  it('tries again 10 s after a failure, then 20 s after the next, and fails beyond its backoffLimit', async () => {
    await createJob('backup', { backoffLimit: 2 });
    await finish('backup', 1);
    await world.clock.advance(9_000);
    expect(podsOf('backup')).toHaveLength(1);
    await world.clock.advance(3_000);
    expect(podsOf('backup')).toHaveLength(2);
    await finish('backup', 1);
    await world.clock.advance(18_000);
    expect(podsOf('backup')).toHaveLength(2);
    await world.clock.advance(4_000);
    expect(podsOf('backup')).toHaveLength(3);
    expect(conditionsOf('backup')).toBeUndefined();
    await finish('backup', 1);
    expect(conditionsOf('backup')).toEqual(['FailureTarget', 'Failed']);
    expect(get('backup')?.status.failed).toBe(3);
    await world.clock.advance(600_000);
    expect(podsOf('backup')).toHaveLength(3);
  });

  it('counts each ended pod once, however often it is looked at', async () => {
    await createJob('many', { completions: 3, parallelism: 1 });
    for (let ended = 0; ended < 3; ended += 1) {
      await finish('many', 0);
      await world.clock.advance(2_000);
    }
    expect(get('many')?.status).toMatchObject({ succeeded: 3 });
    expect(conditionsOf('many')).toEqual(['SuccessCriteriaMet', 'Complete']);
    expect(podsOf('many')).toHaveLength(3);
  });

  it('remembers a success whose pod was deleted', async () => {
    await createJob('backup');
    await finish('backup', 0);
    world.api.delete(pods, 'shop', podsOf('backup')[0]?.metadata.name ?? '', { gracePeriodSeconds: 0 });
    await world.clock.advance(5_000);
    expect(podsOf('backup')).toEqual([]);
    expect(get('backup')?.status.succeeded).toBe(1);
  });

  it('is stopped at its deadline, with its pod', async () => {
    await createJob('slow', { activeDeadlineSeconds: 30 });
    await world.clock.advance(40_000);
    expect(get('slow')?.status.conditions.at(-1)).toMatchObject({ type: 'Failed', reason: 'DeadlineExceeded' });
    expect(podsOf('slow')).toEqual([]);
  });

  it('starts nothing while it is suspended', async () => {
    await createJob('later', { suspend: true });
    expect(podsOf('later')).toEqual([]);
    world.api.change(jobs, 'shop', 'later', ({ spec }) => (spec.suspend = false));
    await world.clock.advance(2_000);
    expect(live('later')).toHaveLength(1);
  });

  it('is deleted when its time to live is over', async () => {
    await createJob('short', { ttlSecondsAfterFinished: 60 });
    await finish('short', 0);
    await world.clock.advance(58_000);
    expect(get('short')).not.toBeNull();
    await world.clock.advance(5_000);
    expect(get('short')).toBeNull();
  });

  it('that is deleted leaves its pods free of its finalizer', async () => {
    await createJob('backup');
    world.api.delete(jobs, 'shop', 'backup', { propagationPolicy: 'Background' });
    await world.clock.advance(5_000);
    expect(podsOf('backup')).toEqual([]);
  });
});

describe('a CronJob', () => {
  async function createCronJob(): Promise<object> {
    const spec = { schedule: '0 3 * * *', suspend: true, jobTemplate: { spec: { template } } };
    const metadata = { name: 'backup', namespace: 'shop' };
    const made = world.api.create(cronJobs, { apiVersion: 'batch/v1', kind: 'CronJob', metadata, spec });
    const { uid } = made.metadata;
    const owner = { apiVersion: 'batch/v1', kind: 'CronJob', name: 'backup', uid, controller: true };
    return { ownerReferences: [owner], annotations: { 'cronjob.kubernetes.io/instantiate': 'manual' } };
  }
  const status = () => world.api.get(cronJobs, 'shop', 'backup')?.status;

  it('does not take up a Job by hand as active: who looks for a running backup must look at Jobs', async () => {
    const owner = await createCronJob();
    await createJob('by-hand', {}, owner);
    expect(status().active).toBeUndefined();
    expect(status().lastScheduleTime).toBeUndefined();
    expect(world.events('UnexpectedJob')).toEqual(['Saw a job that the controller did not create or forgot: by-hand']);
  });

  it('counts its success', async () => {
    const owner = await createCronJob();
    await createJob('by-hand', {}, owner);
    await finish('by-hand', 0);
    expect(status().lastSuccessfulTime).toBe(get('by-hand')?.status.completionTime);
  });

  it('does not count its failure', async () => {
    const owner = await createCronJob();
    await createJob('by-hand', { backoffLimit: 0 }, owner);
    await finish('by-hand', 1);
    expect(status().lastSuccessfulTime).toBeUndefined();
  });

  it('lets go of an active Job that ended', async () => {
    const owner = await createCronJob();
    await createJob('scheduled', {}, owner);
    const { uid } = get('scheduled')?.metadata ?? { uid: '' };
    world.api.change(
      cronJobs,
      'shop',
      'backup',
      (draft) => {
        draft.status = { ...draft.status, active: [{ kind: 'Job', name: 'scheduled', uid }] };
      },
      'status',
    );
    await world.clock.advance(0);
    expect(status().active).toHaveLength(1);
    await finish('scheduled', 0);
    expect(status().active).toBeUndefined();
    expect(world.events('SawCompletedJob')).toEqual(['Saw completed job: scheduled, condition: Complete']);
  });

  it('keeps three Jobs that went well and one that failed', async () => {
    const owner = await createCronJob();
    for (const [name, exitCode] of [
      ['a', 0],
      ['b', 0],
      ['c', 0],
      ['d', 0],
      ['e', 1],
      ['f', 1],
    ] as const) {
      await createJob(name, { backoffLimit: 0 }, owner);
      await finish(name, exitCode);
      await world.clock.advance(2_000);
    }
    expect(world.api.list(jobs, 'shop').map(({ metadata }) => metadata.name)).toEqual(['b', 'c', 'd', 'f']);
  });
});
