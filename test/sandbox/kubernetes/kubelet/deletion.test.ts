import { afterEach, describe, expect, it } from 'vitest';
import leases from '../../../../sandbox/kubernetes/resources/leases.ts';
import pods from '../../../../sandbox/kubernetes/resources/pods.ts';
import { settle } from '../../../support/manual-clock.ts';
import { createWorld, NODE, type World } from './ground.ts';

const worlds: World[] = [];
afterEach(async () => {
  await Promise.all(worlds.splice(0).map(({ kubelet }) => kubelet.close()));
});

async function run(options: Parameters<typeof createWorld>[0] = {}) {
  const world = createWorld(options);
  worlds.push(world);
  const { metadata } = world.createPod('app-1');
  await settle();
  const [first] = world.runs;
  if (first === undefined) throw new Error('nothing was started');
  first.becomeReady();
  await settle();
  return { ...world, uid: metadata.uid, first };
}

const force = { gracePeriodSeconds: 0 };

describe('a pod that is deleted', () => {
  it('gets the stop signal of its image, and its object goes when its process has', async () => {
    const { api, first, pod } = await run();
    api.delete(pods, 'default', 'app-1');
    await settle();
    expect(first.signals).toEqual(['SIGTERM']);
    expect(pod('app-1')?.metadata.deletionGracePeriodSeconds).toBe(30);
    first.end({ code: 0, signal: null });
    await settle();
    expect(pod('app-1')).toBeNull();
  });

  it('is killed when its grace has passed, and not before', async () => {
    const { api, first, pod, clock } = await run();
    api.delete(pods, 'default', 'app-1');
    await clock.advance(29_999);
    expect(first.signals).toEqual(['SIGTERM']);
    await clock.advance(1);
    expect(first.signals).toEqual(['SIGTERM', 'SIGKILL']);
    expect(pod('app-1')).toBeNull();
  });

  it('is killed sooner when a second deletion shortens its grace', async () => {
    const { api, first, clock } = await run();
    api.delete(pods, 'default', 'app-1');
    await clock.advance(5_000);
    api.delete(pods, 'default', 'app-1', { gracePeriodSeconds: 2 });
    await clock.advance(2_000);
    expect(first.signals).toEqual(['SIGTERM', 'SIGKILL']);
  });

  it('is stopped with what is left of its grace when its object was forced away', async () => {
    const { api, first, clock } = await run();
    api.delete(pods, 'default', 'app-1', force);
    await settle();
    expect(first.signals).toEqual(['SIGTERM']);
    await clock.advance(30_000);
    expect(first.signals).toEqual(['SIGTERM', 'SIGKILL']);
  });

  it('takes nothing from a namesake that came after it', async () => {
    const { api, first, pod, createPod, clock } = await run();
    api.delete(pods, 'default', 'app-1', force);
    const { metadata } = createPod('app-1');
    await clock.advance(30_000);
    expect(first.signals).toContain('SIGKILL');
    expect(pod('app-1')?.metadata.uid).toBe(metadata.uid);
    expect(pod('app-1')?.status.podIP).toBe('127.20.1.3');
  });
});

describe('a pod that is abandoned', () => {
  it('has no object and no care any more, and a process that stands still', async () => {
    const { kubelet, uid, first, pod, clock } = await run();
    kubelet.abandon(uid);
    await clock.advance(60_000);
    expect(pod('app-1')).toBeNull();
    expect(first).toMatchObject({ frozen: true, signals: [] });
  });

  it('is so when it is told to go, where such pods leave their sessions behind', async () => {
    const { api, first, pod, kubelet, clock } = await run({ isAbandoned: () => true });
    api.delete(pods, 'default', 'app-1');
    await clock.advance(60_000);
    expect(pod('app-1')).toBeNull();
    expect(first).toMatchObject({ frozen: true, signals: [] });
    kubelet.die('stay');
    kubelet.revive();
    await settle();
    expect(first.frozen, 'nobody comes back for it').toBe(true);
    await kubelet.close();
    expect(first.signals, 'it does not outlive the stage').toEqual(['SIGKILL']);
  });
});

describe('a node that dies', () => {
  it('stops its heartbeats and hangs its pods in Terminating, with their processes standing still', async () => {
    const { kubelet, api, first, pod, clock, node } = await run();
    kubelet.die('stay');
    const lease = () => api.get(leases, 'kube-node-lease', NODE.name)?.spec.renewTime;
    const [before, renewed] = [node().metadata.resourceVersion, lease()];
    api.delete(pods, 'default', 'app-1');
    await clock.advance(120_000);
    expect(first).toMatchObject({ frozen: true, signals: [] });
    expect(pod('app-1')?.metadata.deletionTimestamp).toBeDefined();
    expect(node().metadata.resourceVersion).toBe(before);
    expect(lease()).toBe(renewed);
  });

  it('does what it missed when it comes back', async () => {
    const { kubelet, api, first, pod, clock } = await run();
    kubelet.die('stay');
    api.delete(pods, 'default', 'app-1');
    await clock.advance(60_000);
    kubelet.revive();
    await settle();
    expect(first).toMatchObject({ frozen: false, signals: ['SIGTERM'] });
    first.end({ code: 0, signal: null });
    await settle();
    expect(pod('app-1')).toBeNull();
  });

  it('tells nobody that a container became ready meanwhile', async () => {
    const { kubelet, api, createPod, runs, pod } = await run();
    createPod('app-2');
    await settle();
    kubelet.die('stay');
    const { resourceVersion } = pod('app-2')?.metadata ?? {};
    runs[1]?.becomeReady();
    await settle();
    expect(pod('app-2')?.metadata.resourceVersion).toBe(resourceVersion);
    kubelet.revive();
    await settle();
    expect(api.get(pods, 'default', 'app-2')?.status.containerStatuses[0].ready).toBe(true);
  });

  it('has its volumes in use, for all that anybody knows, when its processes have ended', async () => {
    const world = createWorld();
    worlds.push(world);
    const { kubelet, createPod, node } = world;
    const volume = world.createVolume('data');
    createPod('app-2', {
      restartPolicy: 'Never',
      volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
    });
    await settle();
    world.attach(volume);
    await settle();
    kubelet.die('vanish');
    await settle();
    expect(node().status.volumesInUse).toEqual([volume]);
    kubelet.revive();
    await settle();
    expect(node().status.volumesInUse).toBeUndefined();
  });

  it('starts its containers again when it was switched off meanwhile, and tells nothing before', async () => {
    const { kubelet, first, pod, runs, clock } = await run();
    kubelet.die('vanish');
    await clock.advance(60_000);
    expect(first.signals).toEqual(['SIGKILL']);
    expect(runs).toHaveLength(1);
    expect(pod('app-1')?.status.containerStatuses[0]).toMatchObject({ ready: true, restartCount: 0 });
    kubelet.revive();
    await settle();
    expect(runs).toHaveLength(2);
    expect(pod('app-1')?.status.containerStatuses[0]).toMatchObject({ restartCount: 1 });
  });
});
