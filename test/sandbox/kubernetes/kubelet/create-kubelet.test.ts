import { afterEach, describe, expect, it } from 'vitest';
import events from '../../../../sandbox/kubernetes/resources/events.ts';
import leases from '../../../../sandbox/kubernetes/resources/leases.ts';
import nodes from '../../../../sandbox/kubernetes/resources/nodes.ts';
import pods from '../../../../sandbox/kubernetes/resources/pods.ts';
import { settle } from '../../../support/manual-clock.ts';
import { createWorld, NODE, type World } from './ground.ts';

const worlds: World[] = [];
afterEach(async () => {
  await Promise.all(worlds.splice(0).map(({ kubelet }) => kubelet.close()));
});

function set(options: Parameters<typeof createWorld>[0] = {}): World {
  const world = createWorld(options);
  worlds.push(world);
  return world;
}

/** A pod whose container runs and is ready. */
async function run(world: World, name = 'app-1', spec: object = {}) {
  const pod = world.createPod(name, spec);
  await settle();
  world.runs.at(-1)?.becomeReady();
  await settle();
  return pod;
}

// oxlint-disable-next-line typescript/no-explicit-any -- JSON of the API
const statusOf = (world: World, name = 'app-1'): any => world.pod(name)?.status;
// oxlint-disable-next-line typescript/no-explicit-any -- JSON of the API
const condition = (world: World, type: string): any =>
  statusOf(world).conditions.find((each: { type: string }) => each.type === type);

describe('a node', () => {
  it('registers with what others look for, and renews its lease', async () => {
    const { api, clock, node } = set();
    expect(node().spec).toMatchObject({ podCIDR: NODE.podCidr, providerID: 'linode://1' });
    expect(node().status.addresses).toContainEqual({ type: 'InternalIP', address: NODE.address });
    const first = api.get(leases, 'kube-node-lease', NODE.name)?.spec.renewTime;
    await clock.advance(10_000);
    expect(api.get(leases, 'kube-node-lease', NODE.name)?.spec.renewTime).not.toBe(first);
  });

  it('says Ready again, since then, where somebody has doubted it', async () => {
    const { api, clock, node } = set();
    await clock.advance(1_000);
    api.change(nodes, null, NODE.name, ({ status }) => void (status.conditions[0].status = 'Unknown'), 'status');
    await clock.advance(10_000);
    expect(node().status.conditions[0]).toMatchObject({ status: 'True', lastTransitionTime: '2020-12-11T13:24:10Z' });
  });
});

describe('a pod', () => {
  it('is taken up, given an address and started, and is ready when its program is', async () => {
    const world = set();
    world.createPod('app-1');
    await settle();
    expect(statusOf(world)).toMatchObject({ phase: 'Running', podIP: '127.20.1.2', hostIP: NODE.address });
    expect(condition(world, 'Ready')).toMatchObject({ status: 'False', reason: 'ContainersNotReady' });
    expect(condition(world, 'PodScheduled')?.status).toBe('True');
    await world.clock.advance(5_000);
    world.runs[0]?.becomeReady();
    await settle();
    expect(condition(world, 'Ready')).toMatchObject({ status: 'True', lastTransitionTime: '2020-12-11T13:24:05Z' });
    expect(statusOf(world).containerStatuses[0]).toMatchObject({ ready: true, started: true, restartCount: 0 });
  });

  it('waits for its volume to be attached, having said that it is in use, and has no address until then', async () => {
    const world = set();
    const { api } = world;
    world.createPod('app-1', { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }] });
    await settle();
    expect(world.node().status.volumesInUse).toBeUndefined();
    const volume = world.createVolume('data');
    await settle();
    expect(world.node().status.volumesInUse).toEqual([volume]);
    expect(statusOf(world)).toMatchObject({ phase: 'Pending' });
    expect(statusOf(world).podIP).toBeUndefined();
    await world.clock.advance(123_000);
    expect(world.runs).toHaveLength(0);
    const said = api.list(events, 'default').find((each) => each['reason'] === 'FailedMount');
    expect(said?.['message']).toContain('unmounted volumes=[data]');
    world.attach(volume);
    await settle();
    expect(world.runs[0]?.start.volumes).toEqual(['pv-data']);
    api.delete(pods, 'default', 'app-1', { gracePeriodSeconds: 1 });
    await settle();
    expect(world.node().status.volumesInUse).toEqual([volume]);
    world.runs[0]?.end({ code: 0, signal: null });
    await settle();
    expect(world.node().status.volumesInUse).toBeUndefined();
  });

  it('has its address before its container, where its start is slow', async () => {
    const world = set({ startsAfterMs: () => 20_000 });
    world.createPod('app-1');
    await world.clock.advance(19_999);
    expect(statusOf(world)).toMatchObject({ phase: 'Pending', podIP: '127.20.1.2' });
    expect(world.runs).toHaveLength(0);
    await world.clock.advance(1);
    expect(world.runs).toHaveLength(1);
  });

  it('says that its image cannot be had', async () => {
    const world = set();
    world.createPod('app-1', { containers: [{ name: 'x', image: 'nowhere:1' }] });
    await settle();
    expect(statusOf(world)).toMatchObject({ phase: 'Pending' });
    expect(statusOf(world).containerStatuses[0].state.waiting.reason).toBe('ErrImagePull');
    await world.clock.advance(10_000);
    expect(statusOf(world).containerStatuses[0].state.waiting.reason).toBe('ImagePullBackOff');
  });

  it('is started again when it exits: at once, then after 10 s, then 20 s', async () => {
    const world = set();
    await run(world);
    world.runs[0]?.start.print('the first run');
    world.runs[0]?.end({ code: 1, signal: null });
    await settle();
    expect(world.runs).toHaveLength(2);
    world.runs[1]?.end({ code: null, signal: 'SIGSEGV' });
    await settle();
    const [container] = statusOf(world).containerStatuses;
    expect(container.state.waiting.reason).toBe('CrashLoopBackOff');
    expect(container).toMatchObject({ restartCount: 1, lastState: { terminated: { exitCode: 139, reason: 'Error' } } });
    expect(statusOf(world).phase).toBe('Running');
    await world.clock.advance(9_999);
    expect(world.runs).toHaveLength(2);
    await world.clock.advance(1);
    expect(world.runs).toHaveLength(3);
    world.runs[2]?.end({ code: 1, signal: null });
    await world.clock.advance(19_999);
    expect(world.runs).toHaveLength(3);
    await world.clock.advance(1);
    expect(world.runs).toHaveLength(4);
  });

  it('keeps what its container printed in this run and in the one before', async () => {
    const world = set();
    const { metadata } = await run(world);
    world.runs[0]?.start.print('the first run');
    world.runs[0]?.end({ code: 1, signal: null });
    await settle();
    world.runs[1]?.start.print('the second run');
    const log = (previous: boolean) => world.kubelet.logOf(metadata.uid, null, previous)?.map(({ text }) => text);
    expect([log(false), log(true)]).toEqual([['the second run'], ['the first run']]);
  });

  it.each([
    { restartPolicy: 'Never', code: 0, phase: 'Succeeded' },
    { restartPolicy: 'Never', code: 3, phase: 'Failed' },
    { restartPolicy: 'OnFailure', code: 0, phase: 'Succeeded' },
    { restartPolicy: 'OnFailure', code: 3, phase: 'Running' },
  ])('ends as $phase when it exits with $code under restartPolicy $restartPolicy', async ({ phase, code, ...spec }) => {
    const world = set();
    await run(world, 'app-1', spec);
    world.runs[0]?.end({ code, signal: null });
    await settle();
    expect(statusOf(world).phase).toBe(phase);
  });

  it('is told with the reason that the kernel killed it for', async () => {
    const world = set();
    const { metadata } = await run(world);
    world.kubelet.kill(metadata.uid, 'OOMKilled');
    await settle();
    const { lastState } = statusOf(world).containerStatuses[0];
    expect(lastState.terminated).toMatchObject({ reason: 'OOMKilled', exitCode: 137 });
  });
});

describe('addresses', () => {
  it('are given one after the other, never one in use, and again only after all others', async () => {
    const world = set();
    for (const name of ['a', 'b', 'c']) await run(world, name);
    expect(['a', 'b', 'c'].map((name) => statusOf(world, name).podIP)).toEqual([
      '127.20.1.2',
      '127.20.1.3',
      '127.20.1.4',
    ]);
    world.api.delete(pods, 'default', 'b');
    world.runs[1]?.end({ code: 0, signal: null });
    await settle();
    await run(world, 'd');
    expect(statusOf(world, 'd').podIP).toBe('127.20.1.5');
    world.kubelet.continueAt('127.20.1.2');
    await run(world, 'e');
    expect(statusOf(world, 'e').podIP).toBe('127.20.1.3');
    await run(world, 'f');
    expect(statusOf(world, 'f').podIP).toBe('127.20.1.6');
  });

  it('are given back once: not again when the object of a pod that ended is deleted', async () => {
    const world = set();
    await run(world, 'a', { restartPolicy: 'Never' });
    world.runs[0]?.end({ code: 0, signal: null });
    await settle();
    world.kubelet.continueAt('127.20.1.2');
    await run(world, 'b');
    expect(statusOf(world, 'b').podIP).toBe('127.20.1.2');
    world.api.delete(pods, 'default', 'a');
    await world.clock.advance(1_000);
    world.kubelet.continueAt('127.20.1.2');
    await run(world, 'c');
    expect(statusOf(world, 'c').podIP).toBe('127.20.1.3');
  });
});
