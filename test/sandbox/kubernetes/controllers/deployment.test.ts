import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import deployments from '../../../../sandbox/kubernetes/resources/deployments.ts';
import pods from '../../../../sandbox/kubernetes/resources/pods.ts';
import replicaSets from '../../../../sandbox/kubernetes/resources/replica-sets.ts';
import { type ClusterWorld, createPostgres, deployment, podTemplate, startCluster } from './cluster-world.ts';

let world: ClusterWorld;
beforeEach(async () => {
  world = await startCluster();
});
afterEach(() => world.stop());

const get = (name: string) => world.api.get(deployments, 'shop', name);
const revisions = () =>
  world.api
    .list(replicaSets, 'shop')
    .map(({ metadata }) => metadata.annotations?.['deployment.kubernetes.io/revision'] ?? '')
    .sort((one, other) => one.localeCompare(other));
const isGoing = ({ metadata }: { metadata: { deletionTimestamp?: string } }) =>
  metadata.deletionTimestamp !== undefined;
function scale(name: string, replicas: number): void {
  world.api.change(deployments, 'shop', name, ({ spec }) => (spec.replicas = replicas));
}
function setImage(name: string, image: string): void {
  world.api.change(deployments, 'shop', name, ({ spec }) => (spec.template.spec.containers[0].image = image));
}
const images = (name: string) =>
  world
    .pods(name)
    .filter((pod) => !isGoing(pod))
    .map(({ spec }) => String(spec.containers[0].image))
    .sort((one, other) => one.localeCompare(other));

describe('scaling with Recreate', () => {
  it('to 0 shows no replicas in the status while the old pod is still Terminating', async () => {
    await createPostgres(world);
    scale('pg', 0);
    await world.clock.advance(500);
    expect(world.pods('pg').map(isGoing)).toEqual([true]);
    const { replicas, readyReplicas, terminatingReplicas, observedGeneration } = get('pg')?.status ?? {};
    expect({ replicas, readyReplicas, terminatingReplicas, observedGeneration }).toEqual({
      replicas: undefined,
      readyReplicas: undefined,
      terminatingReplicas: 1,
      observedGeneration: 2,
    });
  });

  it('and back to 1 starts a second pod at once, beside the one that is Terminating', async () => {
    await createPostgres(world);
    scale('pg', 0);
    await world.clock.advance(500);
    scale('pg', 1);
    await world.clock.advance(0);
    expect(world.pods('pg').map(isGoing)).toEqual(expect.arrayContaining([true, false]));
    expect(world.pods('pg')).toHaveLength(2);
  });

  it('replaces a pod that was deleted by hand while it still runs', async () => {
    await createPostgres(world);
    world.api.delete(pods, 'shop', world.pods('pg')[0]?.metadata.name ?? '');
    await world.clock.advance(0);
    expect(world.pods('pg').map(isGoing)).toEqual(expect.arrayContaining([true, false]));
    expect(world.pods('pg')).toHaveLength(2);
  });
});

describe('a new template with Recreate', () => {
  it('waits for the last old pod to be gone', async () => {
    await createPostgres(world);
    setImage('pg', 'v2');
    await world.clock.advance(900);
    expect(world.pods('pg').map(isGoing)).toEqual([true]);
    await world.clock.advance(200);
    expect(images('pg')).toEqual(['v2']);
    expect(world.pods('pg')).toHaveLength(1);
  });

  it('counts up the revision, also back to a former template', async () => {
    await createPostgres(world);
    setImage('pg', 'v2');
    await world.clock.advance(10_000);
    setImage('pg', 'v1');
    await world.clock.advance(10_000);
    expect(get('pg')?.metadata.annotations).toEqual({ 'deployment.kubernetes.io/revision': '3' });
    expect(revisions()).toEqual(['2', '3']);
    expect(images('pg')).toEqual(['v1']);
  });
});

describe('a rolling update', () => {
  it('of one replica makes two pods: the surge rounds up', async () => {
    world.api.create(deployments, deployment('web'));
    await world.clock.advance(5_000);
    setImage('web', 'v2');
    await world.clock.advance(500);
    expect(images('web')).toEqual(['v1', 'v2']);
    await world.clock.advance(5_000);
    expect(images('web')).toEqual(['v2']);
  });

  it('never has fewer available or more pods than it may', async () => {
    const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } };
    world.api.create(deployments, deployment('web', { replicas: 4, strategy }));
    await world.clock.advance(5_000);
    setImage('web', 'v2');
    for (let step = 0; step < 60; step += 1) {
      await world.clock.advance(100);
      const live = world.pods('web').filter((pod) => !isGoing(pod));
      expect(live.length).toBeLessThanOrEqual(5);
      expect(live.filter(({ status }) => status?.phase === 'Running').length).toBeGreaterThanOrEqual(3);
    }
    expect(images('web')).toEqual(['v2', 'v2', 'v2', 'v2']);
  });

  it('does not begin while it is paused', async () => {
    world.api.create(deployments, deployment('web', { paused: true, replicas: 2 }));
    await world.clock.advance(5_000);
    expect(world.pods('web')).toEqual([]);
    world.api.change(deployments, 'shop', 'web', ({ spec }) => delete spec.paused);
    await world.clock.advance(5_000);
    expect(images('web')).toEqual(['v1', 'v1']);
  });

  it('is started by the annotation of a restart', async () => {
    world.api.create(deployments, deployment('web'));
    await world.clock.advance(5_000);
    const [before] = world.pods('web');
    world.api.change(deployments, 'shop', 'web', ({ spec }) => {
      spec.template.metadata.annotations = { 'kubectl.kubernetes.io/restartedAt': '2020-12-11T13:24:00Z' };
    });
    await world.clock.advance(5_000);
    expect(world.pods('web')).toHaveLength(1);
    expect(world.pods('web')[0]?.metadata.uid).not.toBe(before?.metadata.uid);
  });
});

it('keeps as many old ReplicaSets as its history may have', async () => {
  world.api.create(deployments, deployment('web', { revisionHistoryLimit: 1 }));
  for (const image of ['v1', 'v2', 'v3', 'v4']) {
    setImage('web', image);
    await world.clock.advance(10_000);
  }
  expect(revisions()).toEqual(['3', '4']);
});

it('says that a rollout made no progress when its deadline is over', async () => {
  const template = { ...podTemplate('web'), spec: { ...podTemplate('web').spec, nodeSelector: { host: 'none' } } };
  world.api.create(deployments, deployment('web', { template, progressDeadlineSeconds: 60 }));
  await world.clock.advance(61_000);
  expect(get('web')?.status.conditions).toContainEqual(
    expect.objectContaining({ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }),
  );
});
