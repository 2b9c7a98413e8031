import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../../sandbox/kubernetes/api/object.ts';
import events from '../../../../sandbox/kubernetes/resources/events.ts';
import leases from '../../../../sandbox/kubernetes/resources/leases.ts';
import nodes from '../../../../sandbox/kubernetes/resources/nodes.ts';
import pods from '../../../../sandbox/kubernetes/resources/pods.ts';
import volumeAttachments from '../../../../sandbox/kubernetes/resources/volume-attachments.ts';
import { type ClusterWorld, createPostgres, startCluster } from './cluster-world.ts';

let world: ClusterWorld;
let dead: string;
beforeEach(async () => {
  world = await startCluster();
  await createPostgres(world);
  dead = world.pods('pg')[0]?.spec.nodeName;
});
afterEach(() => world.stop());

const kill = () => world.kubelets[dead]?.die();
const isReady = (node: string) => world.api.get(nodes, null, node)?.status.conditions[0].status;
const attachedTo = () =>
  world.api.list(volumeAttachments, null).map(({ spec, status }) => [spec.nodeName, status.attached]);
const running = () =>
  world.pods('pg').filter(({ status, metadata }) => status?.phase === 'Running' && !metadata.deletionTimestamp);
/** Seconds until `is` holds, looked at each half second; at most so many. */
async function secondsUntil(is: () => boolean, atMost: number): Promise<number> {
  for (let waited = 0; waited <= atMost; waited += 0.5) {
    if (is()) return waited;
    await world.clock.advance(500);
  }
  throw new Error(`not within ${atMost} s`);
}
function forceDelete(): void {
  const { name, uid } = world.pods('pg')[0]?.metadata ?? { name: '', uid: '' };
  world.api.delete(pods, 'shop', name, { gracePeriodSeconds: 0, preconditions: { uid } });
}
function taintOutOfService(): void {
  world.api.change(nodes, null, dead, ({ spec }) => {
    spec.taints.push({ key: 'node.kubernetes.io/out-of-service', value: 'nodeshutdown', effect: 'NoExecute' });
  });
}

describe('a node that is silent', () => {
  it('is Ready still 49 s after its last sign, and Unknown after 50 s', async () => {
    kill();
    await world.clock.advance(49_000);
    expect(isReady(dead)).toBe('True');
    await world.clock.advance(1_000);
    expect(isReady(dead)).toBe('Unknown');
    expect(world.events('NodeNotReady')).toEqual([`Node ${dead} status is now: NodeNotReady`, 'Node is not ready']);
  });

  it('is believed to live by its Lease alone', async () => {
    kill();
    for (let renewed = 0; renewed < 12; renewed += 1) {
      const renewTime = new Date(world.clock.now()).toISOString();
      world.api.change(leases, 'kube-node-lease', dead, (lease) => (lease.spec = { renewTime }));
      await world.clock.advance(10_000);
    }
    expect(isReady(dead)).toBe('True');
  });

  it('loses its taints when it is heard again', async () => {
    kill();
    await world.clock.advance(60_000);
    world.kubelets[dead]?.revive();
    await world.clock.advance(0);
    expect(isReady(dead)).toBe('True');
    expect(world.api.get(nodes, null, dead)?.spec.taints).toBeUndefined();
  });

  it('has its pods evicted after the 300 s that they tolerate it, and not before; they stay Terminating', async () => {
    kill();
    const [pod] = world.pods('pg');
    const at = await secondsUntil(() => isReady(dead) === 'Unknown', 60);
    await world.clock.advance(299_000);
    expect(world.pods('pg')).toHaveLength(1);
    await world.clock.advance(2_000);
    expect(at).toBeLessThanOrEqual(50);
    expect(world.pods('pg')).toHaveLength(2);
    await world.clock.advance(600_000);
    expect(world.api.get(pods, 'shop', pod?.metadata.name ?? '')?.metadata.deletionTimestamp).toBeDefined();
    expect(running()).toEqual([]);
  });
});

describe('after a pod was force-deleted on a dead node', () => {
  beforeEach(async () => {
    kill();
    await world.clock.advance(60_000);
    forceDelete();
    await world.clock.advance(1_000);
  });

  it('the replacement waits with Multi-Attach, told once, and runs after six minutes', async () => {
    expect(world.events('FailedAttachVolume')).toEqual([
      expect.stringMatching(
        /^Multi-Attach error for volume "pvc-.*" Volume is already exclusively attached to one node/,
      ),
    ]);
    expect(attachedTo()).toEqual([[dead, true]]);
    const waited = await secondsUntil(() => running().length === 1, 400);
    expect(waited).toBeGreaterThanOrEqual(358);
    expect(waited).toBeLessThanOrEqual(370);
    const refused = world.api.list(events, 'shop').filter((event) => event['reason'] === 'FailedAttachVolume');
    expect(refused.map((event) => event['count'])).toEqual([1]);
  });

  it('the out-of-service taint brings it within seconds', async () => {
    taintOutOfService();
    expect(await secondsUntil(() => running().length === 1, 60)).toBeLessThanOrEqual(7);
    expect(attachedTo().map(([node]) => node)).not.toContain(dead);
  });

  it('deleting the VolumeAttachment by hand brings it within a minute', async () => {
    const [attachment] = world.api.list(volumeAttachments, null);
    world.api.delete(volumeAttachments, null, attachment?.metadata.name ?? '');
    const waited = await secondsUntil(() => running().length === 1, 60);
    expect(waited).toBeGreaterThanOrEqual(11);
    expect(waited).toBeLessThanOrEqual(45);
  });
});

it('a node that says it is ready keeps a mounted volume for ever: nothing forces it off', async () => {
  // Its kubelet has lost the pod, yet goes on to report the node, and the volume as in use.
  kill();
  world.api.change(nodes, null, dead, (node) => (node.spec = { unschedulable: true }));
  forceDelete();
  for (let passed = 0; passed < 900; passed += 10) {
    const heartbeat = new Date(world.clock.now()).toISOString();
    const beat = (node: KubeObject) => (node.status.conditions[0].lastHeartbeatTime = heartbeat);
    world.api.change(nodes, null, dead, beat, 'status');
    await world.clock.advance(10_000);
  }
  expect(attachedTo()).toEqual([[dead, true]]);
  expect(running()).toEqual([]);
});

describe('the out-of-service taint', () => {
  it('force-deletes the pods that are left there, and only then do others take the volume', async () => {
    kill();
    await world.clock.advance(60_000);
    const [before] = world.pods('pg');
    taintOutOfService();
    await world.clock.advance(500);
    expect(world.pods('pg').map(({ spec }) => spec.nodeName)).not.toContain(dead);
    expect(await secondsUntil(() => running().length === 1, 60)).toBeLessThanOrEqual(7);
    expect(world.pods('pg')).toHaveLength(1);
    expect(world.pods('pg')[0]?.metadata.uid).not.toBe(before?.metadata.uid);
  });

  it('spares a pod that tolerates it', async () => {
    kill();
    await world.clock.advance(60_000);
    const spec = { nodeName: dead, tolerations: [{ operator: 'Exists' }], containers: [{ name: 'c', image: 'c' }] };
    world.api.create(pods, { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'tough', namespace: 'shop' }, spec });
    taintOutOfService();
    await world.clock.advance(60_000);
    expect(Object.keys(world.api.get(pods, 'shop', 'tough')?.metadata ?? {})).toContain('uid');
    expect(world.api.get(pods, 'shop', 'tough')?.metadata.deletionTimestamp).toBeUndefined();
  });

  it('on a node that is ready it deletes gracefully, and forces nothing', async () => {
    world.api.change(nodes, null, dead, (node) => (node.spec = { taints: [] }));
    taintOutOfService();
    await world.clock.advance(500);
    expect(world.pods('pg').filter(({ metadata }) => metadata.deletionTimestamp)).toHaveLength(1);
  });
});

it('pods of a node that is gone are gone 40 s later', async () => {
  kill();
  const [pod] = world.pods('pg');
  world.api.delete(nodes, null, dead);
  await world.clock.advance(39_000);
  expect(world.pods('pg')).toContainEqual(expect.objectContaining({ metadata: pod?.metadata }));
  await world.clock.advance(2_000);
  expect(world.api.get(pods, 'shop', pod?.metadata.name ?? '')).toBeNull();
});
