import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/journal/journal.ts';
import type { Standing } from '../../../src/recovery/step.ts';
import proveStopped from '../../../src/recovery/steps/prove-stopped.ts';
import startServer from '../../../src/recovery/steps/start-server.ts';
import stopServer from '../../../src/recovery/steps/stop-server.ts';
import { NOW } from '../../support/builders.ts';
import { CLAIM, container, node, POSTGRES, pod, SITE, storage, workload } from '../../support/place-builders.ts';
import { callOf, createFakeGround, type FakeGround, meddle, SERVER_POD, VOLUME } from '../fake-ground.ts';

const params = { workload: 'default/deployment/postgres', claim: 'default/persistentvolumeclaim/postgres-storage' };
const TRACE = {
  uid: 'uid-postgres',
  replicas: 1,
  pods: [{ uid: 'uid-postgres-1', name: 'postgres-1', node: 'node-1' }],
  nodes: ['node-1'],
  volume: VOLUME,
  at: NOW,
};
const BEFORE = { leases: { 'node-1': NOW }, at: NOW };

const stop = (ground: FakeGround, own: Json = null, notes: Readonly<Record<string, Json>> = {}) =>
  callOf(stopServer, ground, { params, own, notes });
const prove = (ground: FakeGround, own: Json = null, trace: Json = TRACE) =>
  callOf(proveStopped, ground, { params, own, notes: { 'stop-server': trace } });
const start = (ground: FakeGround, trace: Json = TRACE, before: Json = BEFORE) =>
  callOf(startServer, ground, { params, notes: { 'stop-server': trace, 'prove-stopped': before } });

function undoOfStop(ground: FakeGround, trace: Json = TRACE, before: Json = BEFORE) {
  return stop(ground, trace, { 'prove-stopped': before });
}

/** Stopped, its pod gone, its volume free, its Lease renewed since. */
function goneGround(parts: Partial<FakeGround> = {}): FakeGround {
  return createFakeGround({
    workloads: [workload(POSTGRES, { desired: 0, heldReplicas: 1, claims: [CLAIM.name] })],
    pods: [],
    nodes: [node()],
    leases: { 'node-1': NOW + 10_000 },
    ...parts,
  });
}

function silence(ground: FakeGround, what: Parameters<FakeGround['silent']['add']>[0]): FakeGround {
  ground.silent.add(what);
  return ground;
}

describe('stop-server', () => {
  it('notes the workload, every pod with its node, wherever the volume is attached, and when', async () => {
    const elsewhere = { name: 'csi-2', node: 'node-2', attached: false, detaching: true, error: null };
    const ground = createFakeGround();
    ground.storage = storage({ attachments: [...storage().attachments, elsewhere] });
    expect(await stopServer.check(stop(ground))).toEqual({
      kind: 'ready',
      saw: 'postgres-1 on node-1',
      note: { ...TRACE, nodes: ['node-1', 'node-2'] },
    });
  });

  it.each<[string, (ground: FakeGround) => void, RegExp]>([
    ['no pod is there', (ground) => (ground.pods = []), /nobody saw the old one go/],
    ['it is paused', (ground) => meddle(ground, POSTGRES, { paused: true }), /is paused/],
    [
      'it is at 0 already',
      (ground) => meddle(ground, POSTGRES, { desired: 0, heldReplicas: 1 }),
      /at 0 already, and had 1/,
    ],
    ['it has several replicas', (ground) => meddle(ground, POSTGRES, { desired: 2 }), /has 2 replicas/],
    [
      'somebody scaled it by hand while it was held',
      (ground) => meddle(ground, POSTGRES, { heldReplicas: 1 }),
      /scaled it by hand/,
    ],
    [
      'an operator owns it',
      (ground) => meddle(ground, POSTGRES, { managers: ['CloudNativePG (Cluster main)'] }),
      /managed by CloudNativePG/,
    ],
    [
      'a second workload mounts the claim',
      (ground) => ground.workloads.push(workload(SITE, { claims: [CLAIM.name] })),
      /site mounts the claim postgres-storage too/,
    ],
    [
      "somebody else's pod mounts the claim",
      (ground) => ground.pods.push(pod('debug', { claims: [CLAIM.name] })),
      /no pod of the server/,
    ],
    [
      'an ended pod of it is still listed',
      (ground) => ground.pods.push(pod('postgres', { name: 'postgres-0', phase: 'Failed' })),
      /postgres-0 \(Failed\): ended/,
    ],
    [
      'a pod of it has no node yet',
      (ground) => ground.pods.push(pod('postgres', { name: 'postgres-2', node: null, phase: 'Pending' })),
      /no node yet/,
    ],
    [
      'the node under it is not Ready',
      (ground) => (ground.nodes = [node({ ready: 'Unknown', volumesInUse: [VOLUME] })]),
      /node-1 under the server is not Ready/,
    ],
    ['its node has left the cluster', (ground) => (ground.nodes = []), /does not have any more/],
    [
      'its pod does not mount the claim',
      (ground) => (ground.pods = [{ ...SERVER_POD, claims: [] }]),
      /No pod of the server mounts/,
    ],
    ['the claim does not exist', (ground) => (ground.storage = null), /does not exist/],
    ['the claim is not bound', (ground) => (ground.storage = storage({ volume: null })), /not bound/],
    [
      'the volume is of no CSI driver',
      (ground) => (ground.storage = storage({ volume: { ...storage().volume, driver: null, handle: null } as never })),
      /no CSI driver/,
    ],
    [
      'no node says that it has the volume',
      (ground) => Object.assign(ground, { nodes: [node()], storage: storage({ attachments: [] }) }),
      /No node says/,
    ],
  ])('is blocked where %s', async (_, change, saw) => {
    const ground = createFakeGround();
    change(ground);
    expect(await stopServer.check(stop(ground))).toEqual({ kind: 'blocked', saw: expect.stringMatching(saw) });
  });

  it('is blocked where the workload is gone, or made anew since its pods were noted', async () => {
    expect((await stopServer.check(stop(createFakeGround({ workloads: [] })))).kind).toBe('blocked');
    const anew = createFakeGround({ workloads: [workload(POSTGRES, { desired: 0, uid: 'anew' })] });
    expect((await stopServer.check(stop(anew, TRACE))).kind).toBe('blocked');
  });

  it.each(['workload', 'storage', 'list', 'workloads'] as const)(
    'cannot tell without an answer about the %s',
    async (what) => {
      expect((await stopServer.check(stop(silence(createFakeGround(), what)))).kind).toBe('unknown');
    },
  );

  it('has acted where it is at 0 and its pods were noted before', async () => {
    expect(await stopServer.check(stop(goneGround(), TRACE))).toMatchObject({ kind: 'acted', note: TRACE });
  });

  it('keeps what it noted before when it is asked anew, as a pod that went since may have been forced', async () => {
    const ground = createFakeGround({ pods: [{ ...SERVER_POD, uid: 'uid-new', name: 'postgres-new' }] });
    const standing = await stopServer.check(stop(ground, { ...TRACE, nodes: ['node-1', 'node-9'] }));
    const { note } = standing as Extract<Standing, { kind: 'ready' }>;
    expect(note).toMatchObject({ pods: [{ uid: 'uid-new' }, { uid: 'uid-postgres-1' }], nodes: ['node-1', 'node-9'] });
  });

  it('scales to 0 and remembers, never without its note', async () => {
    const ground = createFakeGround();
    expect((await stopServer.act(stop(ground))).kind).toBe('refused');
    expect(await stopServer.act(stop(ground, TRACE))).toEqual({ kind: 'done' });
    expect(ground.asked).toEqual(['scale default/deployment/postgres 1 → 0, remember']);
  });

  it('holds once every pod is gone that was noted, that it owns, or that mounts the claim', async () => {
    const verify = async (parts: Partial<FakeGround>) => (await stopServer.verify(stop(goneGround(parts), TRACE))).kind;
    expect(await verify({ pods: [{ ...SERVER_POD, terminatingAt: NOW }] })).toBe('waiting');
    expect(await verify({ pods: [{ ...SERVER_POD, owner: null, claims: [] }] })).toBe('waiting');
    expect(await verify({ pods: [pod('postgres', { name: 'postgres-2' })] })).toBe('waiting');
    expect(await verify({ pods: [pod('debug', { claims: [CLAIM.name] })] })).toBe('waiting');
    expect(await verify({ pods: [pod('site')] })).toBe('holds');
    expect(await verify({ workloads: [workload(POSTGRES)] })).toBe('waiting');
    expect(await verify({ workloads: [] })).toBe('failed');
    expect((await stopServer.verify(stop(silence(goneGround(), 'list'), TRACE))).kind).toBe('unknown');
    expect((await stopServer.verify(stop(silence(goneGround(), 'workload'), TRACE))).kind).toBe('unknown');
    expect((await stopServer.verify(stop(goneGround()))).kind).toBe('failed');
  });
});

describe('prove-stopped', () => {
  it('notes the Leases as they are once the pods are gone, and holds when they are renewed after that', async () => {
    const ground = goneGround({ leases: { 'node-1': NOW + 99_000 } });
    const standing = (await proveStopped.check(prove(ground))) as Extract<Standing, { kind: 'acted' }>;
    expect(standing).toMatchObject({ kind: 'acted', note: { leases: { 'node-1': NOW + 99_000 }, at: NOW } });
    const own = standing.note ?? null;
    // However far its clock is ahead: the same renewal proves nothing.
    expect(await proveStopped.verify(prove(ground, own))).toMatchObject({
      kind: 'waiting',
      saw: expect.stringContaining('Lease'),
    });
    ground.leases['node-1'] = NOW + 109_000;
    expect((await proveStopped.verify(prove(ground, own))).kind).toBe('holds');
  });

  it('is blocked without a note of what was stopped, and while a pod is left', async () => {
    expect((await proveStopped.check(prove(goneGround(), null, null))).kind).toBe('blocked');
    expect(await proveStopped.check(prove(goneGround({ pods: [SERVER_POD] })))).toMatchObject({ kind: 'blocked' });
  });

  it('fails where it can never be proven', async () => {
    expect((await proveStopped.verify(prove(goneGround({ nodes: [] }), BEFORE))).kind).toBe('failed');
    expect((await proveStopped.verify(prove(goneGround(), null))).kind).toBe('failed');
    expect((await proveStopped.verify(prove(goneGround(), BEFORE, null))).kind).toBe('failed');
  });

  it('cannot tell without every answer', async () => {
    for (const what of ['storage', 'list', 'lease'] as const)
      expect((await proveStopped.check(prove(silence(goneGround(), what)))).kind).toBe('unknown');
    for (const what of ['workload', 'storage', 'list', 'lease'] as const)
      expect((await proveStopped.verify(prove(silence(goneGround(), what), BEFORE))).kind).toBe('unknown');
  });
});

// The undo of stopping is a start, and wants the same.
describe.each([
  ['start-server', startServer, start],
  ['the undo of stop-server', stopServer.undo, undoOfStop],
] as const)('%s', (_, step, call) => {
  it('scales back from 0 to what was noted and forgets the annotation, once it is proven again', async () => {
    const ground = goneGround();
    expect((await step.check(call(ground))).kind).toBe('ready');
    expect(await step.act(call(ground))).toEqual({ kind: 'done' });
    expect(ground.asked).toEqual(['scale default/deployment/postgres 0 → 1, forget']);
    expect((await step.check(call(ground))).kind).toBe('acted');
  });

  it.each<[string, Partial<FakeGround>]>([
    ['a pod of the server is there', { pods: [pod('postgres')] }],
    ['a pod that was noted is there', { pods: [{ ...SERVER_POD, owner: null, claims: [] }] }],
    ['a pod mounts the claim', { pods: [pod('debug', { claims: [CLAIM.name] })] }],
    ['the node is not Ready', { nodes: [node({ ready: 'Unknown' })] }],
    ['the Lease was not renewed', { leases: { 'node-1': NOW } }],
    ['the volume is in use', { nodes: [node({ volumesInUse: [VOLUME] })] }],
    ['the workload was made anew', { workloads: [workload(POSTGRES, { desired: 0, uid: 'anew' })] }],
    ['the workload is gone', { workloads: [] }],
    ['somebody scaled it to something else', { workloads: [workload(POSTGRES, { desired: 2 })] }],
    ['somebody scaled it back by hand', { workloads: [workload(POSTGRES, { desired: 1, heldReplicas: 1 })] }],
  ])('is blocked where %s', async (_why, parts) => {
    expect((await step.check(call(goneGround(parts)))).kind).toBe('blocked');
  });

  it('is blocked without a note of what was stopped, or without the proof before', async () => {
    expect((await step.check(call(goneGround(), null))).kind).toBe('blocked');
    expect(await step.check(call(goneGround(), TRACE, null))).toMatchObject({
      kind: 'blocked',
      saw: expect.stringContaining('not proven'),
    });
    expect((await step.act(call(goneGround(), null))).kind).toBe('refused');
  });

  it.each(['workload', 'storage', 'list', 'lease'] as const)(
    'cannot tell without an answer about the %s',
    async (what) => {
      expect((await step.check(call(silence(goneGround(), what)))).kind).toBe('unknown');
    },
  );

  it('holds once its pods are ready, and says why they are not', async () => {
    const started = { workloads: [workload(POSTGRES)] };
    const verify = (parts: Partial<FakeGround>) => step.verify(call(createFakeGround({ ...started, ...parts })));
    expect(await verify({ pods: [] })).toEqual({ kind: 'waiting', saw: 'no pod yet' });
    const crashing = pod('postgres', { ready: false, containers: [container({ waiting: 'CrashLoopBackOff' })] });
    expect(await verify({ pods: [crashing] })).toMatchObject({
      kind: 'waiting',
      saw: expect.stringContaining('CrashLoopBackOff'),
    });
    expect((await verify({ pods: [pod('postgres', { terminatingAt: NOW })] })).kind).toBe('waiting');
    expect((await verify({ pods: [pod('postgres')] })).kind).toBe('holds');
    expect((await verify({ workloads: [workload(POSTGRES, { desired: 0 })] })).kind).toBe('waiting');
    expect((await verify({ workloads: [] })).kind).toBe('failed');
    expect((await step.verify(call(silence(createFakeGround(), 'list')))).kind).toBe('unknown');
    expect((await step.verify(call(silence(createFakeGround(), 'workload')))).kind).toBe('unknown');
  });
});
