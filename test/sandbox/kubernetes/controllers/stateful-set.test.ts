import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import persistentVolumeClaims from '../../../../sandbox/kubernetes/resources/persistent-volume-claims.ts';
import pods from '../../../../sandbox/kubernetes/resources/pods.ts';
import statefulSets from '../../../../sandbox/kubernetes/resources/stateful-sets.ts';
import { type ClusterWorld, claim, podTemplate, startCluster } from './cluster-world.ts';

let world: ClusterWorld;
beforeEach(async () => {
  world = await startCluster();
});
afterEach(() => world.stop());

function createSet(spec: object = {}): void {
  const base = {
    replicas: 3,
    serviceName: 'db',
    selector: { matchLabels: { app: 'db' } },
    template: podTemplate('db'),
  };
  const metadata = { name: 'db', namespace: 'shop' };
  world.api.create(statefulSets, { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata, spec: { ...base, ...spec } });
}
const get = () => world.api.get(statefulSets, 'shop', 'db');
const names = () => world.pods('db').map(({ metadata }) => metadata.name);
const imageOf = (name: string) => world.api.get(pods, 'shop', name)?.spec.containers[0].image;
// oxlint-disable-next-line typescript/no-explicit-any -- a pod template as the API has it
function change(mutate: (spec: { replicas: number; template: any }) => void): void {
  world.api.change(statefulSets, 'shop', 'db', ({ spec }) => mutate(spec));
}

describe('a StatefulSet', () => {
  it('makes its pods one after the other, each when the one before is ready', async () => {
    createSet();
    await world.clock.advance(900);
    expect(names()).toEqual(['db-0']);
    await world.clock.advance(200);
    expect(names()).toEqual(['db-0', 'db-1']);
    await world.clock.advance(5_000);
    expect(names()).toEqual(['db-0', 'db-1', 'db-2']);
  });

  it('makes them all at once where Parallel says so', async () => {
    createSet({ podManagementPolicy: 'Parallel' });
    await world.clock.advance(0);
    expect(names()).toEqual(['db-0', 'db-1', 'db-2']);
  });

  it('takes them from the end, one at a time', async () => {
    createSet();
    await world.clock.advance(5_000);
    change((spec) => (spec.replicas = 1));
    await world.clock.advance(500);
    const going = world.pods('db').filter(({ metadata }) => metadata.deletionTimestamp);
    expect(going.map(({ metadata }) => metadata.name)).toEqual(['db-2']);
    await world.clock.advance(5_000);
    expect(names()).toEqual(['db-0']);
  });

  it('replaces a pod only when the one of its name is gone', async () => {
    createSet({ replicas: 1 });
    await world.clock.advance(5_000);
    const before = world.pods('db')[0]?.metadata.uid;
    world.api.delete(pods, 'shop', 'db-0');
    await world.clock.advance(900);
    expect(world.pods('db').map(({ metadata }) => metadata.uid)).toEqual([before]);
    await world.clock.advance(2_000);
    expect(world.pods('db').map(({ metadata }) => metadata.uid)).not.toContain(before);
    expect(names()).toEqual(['db-0']);
  });

  it('never replaces the pod of a dead node by itself', async () => {
    createSet({ replicas: 1 });
    await world.clock.advance(5_000);
    const [pod] = world.pods('db');
    world.kubelets[pod?.spec.nodeName]?.die();
    await world.clock.advance(1_000_000);
    expect(world.pods('db').map(({ metadata }) => metadata.uid)).toEqual([pod?.metadata.uid]);
  });

  it('updates from the end and stops at a pod that does not become ready', async () => {
    createSet();
    await world.clock.advance(5_000);
    const revision = get()?.status.currentRevision;
    change(({ template }) => (template.spec.nodeSelector = { host: 'none' }));
    change(({ template }) => (template.spec.containers[0].image = 'v2'));
    await world.clock.advance(60_000);
    expect(['db-0', 'db-1', 'db-2'].map(imageOf)).toEqual(['v1', 'v1', 'v2']);
    expect(get()?.status).toMatchObject({ currentRevision: revision, currentReplicas: 2, updatedReplicas: 1 });
    expect(get()?.status.updateRevision).not.toBe(revision);
  });

  it('stops so with Parallel, too', async () => {
    createSet({ podManagementPolicy: 'Parallel' });
    await world.clock.advance(5_000);
    change(({ template }) => (template.spec.nodeSelector = { host: 'none' }));
    await world.clock.advance(60_000);
    expect(world.pods('db').map(({ spec }) => spec.nodeSelector !== undefined)).toEqual([false, false, true]);
  });

  it("waits while somebody else's pod has the name, and takes it as soon as it is free", async () => {
    const metadata = { name: 'db-0', namespace: 'shop' };
    world.api.create(pods, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata,
      spec: { containers: [{ name: 'c', image: 'c' }] },
    });
    createSet({ replicas: 1 });
    await world.clock.advance(300_000);
    expect([names(), get()?.status.observedGeneration]).toEqual([[], 1]);
    world.api.delete(pods, 'shop', 'db-0', { gracePeriodSeconds: 0 });
    await world.clock.advance(0);
    expect(names()).toEqual(['db-0']);
  });

  it('updates no pod below its partition, and none where OnDelete says so', async () => {
    createSet({ updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } });
    await world.clock.advance(5_000);
    change(({ template }) => (template.spec.containers[0].image = 'v2'));
    await world.clock.advance(30_000);
    expect(['db-0', 'db-1', 'db-2'].map(imageOf)).toEqual(['v1', 'v1', 'v2']);
    world.api.change(statefulSets, 'shop', 'db', ({ spec }) => (spec.updateStrategy = { type: 'OnDelete' }));
    change(({ template }) => (template.spec.containers[0].image = 'v3'));
    await world.clock.advance(30_000);
    expect(['db-0', 'db-1', 'db-2'].map(imageOf)).toEqual(['v1', 'v1', 'v2']);
  });

  it('keeps the claim of each pod, over its death and over being scaled down', async () => {
    createSet({ replicas: 2, volumeClaimTemplates: [{ ...claim('data'), metadata: { name: 'data' } }] });
    await world.clock.advance(20_000);
    const claims = () => world.api.list(persistentVolumeClaims, 'shop').map(({ metadata }) => metadata.name);
    expect(claims()).toEqual(['data-db-0', 'data-db-1']);
    change((spec) => (spec.replicas = 0));
    await world.clock.advance(20_000);
    expect([names(), claims()]).toEqual([[], ['data-db-0', 'data-db-1']]);
    change((spec) => (spec.replicas = 1));
    await world.clock.advance(20_000);
    expect(world.pods('db')[0]).toMatchObject({
      metadata: { labels: { 'statefulset.kubernetes.io/pod-name': 'db-0', 'apps.kubernetes.io/pod-index': '0' } },
      spec: { hostname: 'db-0', volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data-db-0' } }] },
      status: { phase: 'Running' },
    });
    expect(world.api.list(persistentVolumeClaims, 'shop')).toHaveLength(2);
  });
});
