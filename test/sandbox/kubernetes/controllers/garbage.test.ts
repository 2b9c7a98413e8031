import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import configMaps from '../../../../sandbox/kubernetes/resources/config-maps.ts';
import deployments from '../../../../sandbox/kubernetes/resources/deployments.ts';
import pods from '../../../../sandbox/kubernetes/resources/pods.ts';
import replicaSets from '../../../../sandbox/kubernetes/resources/replica-sets.ts';
import { type ClusterWorld, deployment, startCluster } from './cluster-world.ts';

let world: ClusterWorld;
beforeEach(async () => {
  world = await startCluster();
  world.api.create(deployments, deployment('web', { replicas: 2 }));
  await world.clock.advance(5_000);
});
afterEach(() => world.stop());

const exists = () => world.api.get(deployments, 'shop', 'web') !== null;
const sets = () => world.api.list(replicaSets, 'shop');
/** As the server does it for this propagationPolicy. */
function deleteWith(finalizer: string): void {
  world.api.change(deployments, 'shop', 'web', ({ metadata }) => (metadata.finalizers = [finalizer]));
  world.api.delete(deployments, 'shop', 'web');
}

describe('a deleted Deployment', () => {
  it('is gone at once in the background, while its pods live on for their time', async () => {
    world.api.delete(deployments, 'shop', 'web');
    expect(exists()).toBe(false);
    await world.clock.advance(500);
    expect(world.pods('web').map(({ metadata }) => metadata.deletionTimestamp === undefined)).toEqual([false, false]);
    await world.clock.advance(2_000);
    expect([world.pods('web'), sets()]).toEqual([[], []]);
  });

  it('stays in the foreground until its pods are gone', async () => {
    deleteWith('foregroundDeletion');
    await world.clock.advance(500);
    expect([exists(), sets().length, world.pods('web').length]).toEqual([true, 1, 2]);
    await world.clock.advance(2_000);
    expect([exists(), sets().length, world.pods('web').length]).toEqual([false, 0, 0]);
  });

  it('leaves its ReplicaSet and pods as orphans when asked to', async () => {
    deleteWith('orphan');
    await world.clock.advance(5_000);
    expect([exists(), sets().length, world.pods('web').length]).toEqual([false, 1, 2]);
    expect(sets()[0]?.metadata.ownerReferences).toBeUndefined();
    expect(world.pods('web')[0]?.metadata.ownerReferences).toHaveLength(1);
  });

  it('whose orphans are there is adopted by its successor, and no pod is replaced', async () => {
    const before = world.pods('web').map(({ metadata }) => metadata.uid);
    deleteWith('orphan');
    await world.clock.advance(1_000);
    world.api.create(deployments, deployment('web', { replicas: 2 }));
    await world.clock.advance(5_000);
    expect(world.pods('web').map(({ metadata }) => metadata.uid)).toEqual(before);
    expect(sets()[0]?.metadata.ownerReferences).toHaveLength(1);
  });
});

it('deletes what names an owner that never was, and spares what has an owner left', async () => {
  const owner = (uid: string) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    name: world.pods('web')[0]?.metadata.name ?? '',
    uid,
  });
  const living = owner(world.pods('web')[0]?.metadata.uid ?? '');
  const make = (name: string, ownerReferences: ReturnType<typeof owner>[]) =>
    world.api.create(configMaps, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace: 'shop', ownerReferences },
    });
  make('lost', [owner('other')]);
  make('kept', [owner('other'), living]);
  make('strange', [{ ...living, kind: 'Strange', uid: 'other' }]);
  await world.clock.advance(0);
  expect(world.api.list(configMaps, 'shop').map(({ metadata }) => metadata.name)).toEqual(['kept', 'strange']);
  expect(world.api.get(configMaps, 'shop', 'kept')?.metadata.ownerReferences).toEqual([living]);
});

it('a pod whose labels are taken off is let go, replaced, and lives on', async () => {
  const { name = '' } = world.pods('web')[0]?.metadata ?? {};
  world.api.change(pods, 'shop', name, ({ metadata }) => (metadata.labels = { app: 'apart' }));
  await world.clock.advance(5_000);
  expect(world.pods('web')).toHaveLength(2);
  expect(world.pods('apart').map(({ metadata }) => metadata.ownerReferences)).toEqual([undefined]);
});
