import { describe, expect, it } from 'vitest';
import holdClient from '../../../src/recovery/steps/hold-client.ts';
import releaseClient from '../../../src/recovery/steps/release-client.ts';
import { pod, SITE, workload } from '../../support/place-builders.ts';
import { callOf, createFakeGround, type FakeGround, meddle } from '../fake-ground.ts';

const params = { workload: 'default/deployment/site' };
const HELD = { uid: 'uid-site', held: 3 };

/** `site` with 3 pods, or as given. */
function siteGround(parts: Parameters<typeof workload>[1] = {}, pods = [pod('site')]): FakeGround {
  return createFakeGround({ workloads: [workload(SITE, { desired: 3, ready: 3, ...parts })], pods });
}

const check = (ground: FakeGround, own: typeof HELD | null = null) =>
  holdClient.check(callOf(holdClient, ground, { params, own }));

describe('hold-client', () => {
  it('is ready where it runs, and notes how many it has', async () => {
    expect(await check(siteGround())).toEqual({ kind: 'ready', saw: 'default/deployment/site has 3', note: HELD });
  });

  it('has acted where it is at 0 with its annotation, and notes what that says', async () => {
    expect(await check(siteGround({ desired: 0, heldReplicas: 3 }))).toMatchObject({ kind: 'acted', note: HELD });
  });

  it('leaves one alone that is at 0 without an annotation, and notes that nothing is to be released', async () => {
    const standing = await check(siteGround({ desired: 0 }));
    expect(standing).toMatchObject({ kind: 'acted', note: { uid: 'uid-site', held: null } });
  });

  it('still knows how many it had where somebody took the annotation away meanwhile', async () => {
    expect(await check(siteGround({ desired: 0 }), HELD)).toMatchObject({ kind: 'acted', note: HELD });
  });

  it.each<[string, Parameters<typeof workload>[1], RegExp]>([
    [
      'somebody scaled it by hand while it was held',
      { heldReplicas: 2 },
      /scaled to 3.*had 2: somebody scaled it by hand/,
    ],
    ['its annotation is no number', { heldReplicas: 'unreadable' }, /no number/],
    ['its annotation is no number, and it is at 0', { heldReplicas: 'unreadable', desired: 0 }, /no number/],
  ])('is blocked where %s', async (_, parts, saw) => {
    expect(await check(siteGround(parts))).toEqual({ kind: 'blocked', saw: expect.stringMatching(saw) });
  });

  it('is blocked where it is gone, and unknown where it cannot be read', async () => {
    expect((await check(createFakeGround({ workloads: [] }))).kind).toBe('blocked');
    expect((await check(silence(siteGround(), 'workload'))).kind).toBe('unknown');
  });

  it('scales from what it noted, of the object that it noted, and remembers', async () => {
    const ground = siteGround();
    expect(await holdClient.act(callOf(holdClient, ground, { params, own: HELD }))).toEqual({ kind: 'done' });
    expect(ground.asked).toEqual(['scale default/deployment/site 3 → 0, remember']);
    expect(ground.workloads[0]).toMatchObject({ desired: 0, heldReplicas: 3 });
    const other = siteGround({ uid: 'made-anew' });
    expect((await holdClient.act(callOf(holdClient, other, { params, own: HELD }))).kind).toBe('refused');
  });

  it('refuses to act without knowing how many there were', async () => {
    const ground = siteGround();
    for (const own of [null, { uid: 'uid-site', held: null }])
      expect((await holdClient.act(callOf(holdClient, ground, { params, own }))).kind).toBe('refused');
    expect(ground.asked).toEqual([]);
  });

  it('waits until its pods are gone, Terminating ones too', async () => {
    const verify = (ground: FakeGround) => holdClient.verify(callOf(holdClient, ground, { params, own: HELD }));
    const dying = pod('site', { terminatingAt: 1 });
    expect(await verify(siteGround())).toMatchObject({ kind: 'waiting', saw: expect.stringContaining('scaled to 3') });
    expect(await verify(siteGround({ desired: 0 }, [dying]))).toMatchObject({
      kind: 'waiting',
      saw: expect.stringContaining('(Terminating)'),
    });
    expect((await verify(siteGround({ desired: 0 }, [pod('site', { phase: 'Failed' }), pod('other')]))).kind).toBe(
      'holds',
    );
    expect((await verify(createFakeGround({ workloads: [] }))).kind).toBe('failed');
    expect((await verify(silence(siteGround({ desired: 0 }), 'list'))).kind).toBe('unknown');
    expect((await verify(silence(siteGround({ desired: 0 }), 'workload'))).kind).toBe('unknown');
  });
});

// Both run the same: the undo after a failure, the step where all goes well.
describe.each([
  [
    'the undo of hold-client',
    holdClient.undo,
    (ground: FakeGround, note: typeof HELD | { uid: string; held: null } | null) =>
      callOf(holdClient, ground, { params, own: note }),
  ],
  [
    'release-client',
    releaseClient,
    (ground: FakeGround, note: typeof HELD | { uid: string; held: null } | null) =>
      callOf(releaseClient, ground, { params, notes: { 'hold-client:default/deployment/site': note } }),
  ],
] as const)('%s', (_, step, call) => {
  it('scales back to what the annotation says and forgets it, in one change', async () => {
    const ground = siteGround({ desired: 0, heldReplicas: 3 });
    expect(await step.check(call(ground, HELD))).toMatchObject({ kind: 'ready' });
    expect(await step.act(call(ground, HELD))).toEqual({ kind: 'done' });
    expect(ground.asked).toEqual(['scale default/deployment/site 0 → 3, forget']);
    expect(ground.workloads[0]).toMatchObject({ desired: 3, heldReplicas: null });
    expect(await step.check(call(ground, HELD))).toMatchObject({ kind: 'acted' });
  });

  it('never releases one that was at 0 before', async () => {
    const ground = siteGround({ desired: 0, heldReplicas: 3 });
    const note = { uid: 'uid-site', held: null };
    expect(await step.check(call(ground, note))).toMatchObject({
      kind: 'acted',
      saw: expect.stringContaining('left alone'),
    });
    expect((await step.verify(call(ground, note))).kind).toBe('holds');
  });

  it('leaves what somebody scaled meanwhile, and takes the annotation away', async () => {
    const ground = siteGround({ desired: 5, heldReplicas: 3 });
    expect(await step.check(call(ground, HELD))).toMatchObject({
      kind: 'ready',
      saw: expect.stringContaining('scaled to 5 by somebody else'),
    });
    await step.act(call(ground, HELD));
    expect(ground.asked).toEqual(['scale default/deployment/site 5 → 5, forget']);
  });

  it('acts on nothing where the annotation is gone, or cannot be read', async () => {
    for (const heldReplicas of [null, 'unreadable'] as const) {
      const ground = siteGround({ desired: 0, heldReplicas });
      expect((await step.check(call(ground, HELD))).kind).toBe(heldReplicas === null ? 'acted' : 'blocked');
      expect((await step.act(call(ground, HELD))).kind).toBe(heldReplicas === null ? 'done' : 'refused');
      expect(ground.asked).toEqual([]);
    }
  });

  it('is waited for while it is held, and failed where nobody remembers what it had', async () => {
    const verify = (parts: Parameters<typeof workload>[1]) => step.verify(call(siteGround(parts), HELD));
    expect((await verify({ heldReplicas: 3, desired: 0 })).kind).toBe('waiting');
    expect(await verify({ desired: 0 })).toMatchObject({ kind: 'failed', saw: expect.stringContaining('it had 3') });
    expect((await verify({})).kind).toBe('holds');
  });

  it('cannot tell of what cannot be read, and is blocked by what is gone', async () => {
    const silent = silence(siteGround({ desired: 0, heldReplicas: 3 }), 'workload');
    expect((await step.check(call(silent, HELD))).kind).toBe('unknown');
    expect((await step.act(call(silent, HELD))).kind).toBe('refused');
    expect((await step.verify(call(silent, HELD))).kind).toBe('unknown');
    const gone = createFakeGround({ workloads: [] });
    expect((await step.check(call(gone, HELD))).kind).toBe('blocked');
    expect((await step.act(call(gone, HELD))).kind).toBe('refused');
    expect((await step.verify(call(gone, HELD))).kind).toBe('failed');
    expect([...silent.asked, ...gone.asked]).toEqual([]);
  });
});

it('restores exactly what was there, however often its parts are asked', async () => {
  const ground = siteGround({}, []);
  const standing = await check(ground);
  const own = (standing.kind === 'ready' && standing.note) || null;
  const held = callOf(holdClient, ground, { params, own });
  await holdClient.act(held);
  expect((await holdClient.act(held)).kind).toBe('refused');
  expect((await holdClient.check(held)).kind).toBe('acted');
  await holdClient.undo.act(held);
  expect((await holdClient.undo.act(held)).kind).toBe('done');
  expect(ground.workloads[0]).toMatchObject({ desired: 3, heldReplicas: null });
  meddle(ground, SITE, { ready: 3 });
  expect((await holdClient.undo.verify(held)).kind).toBe('holds');
});

function silence(ground: FakeGround, what: 'workload' | 'list'): FakeGround {
  ground.silent.add(what);
  return ground;
}

it('waits in its plan until the pods are ready; who is let in first is not waited for, as its database may be away', async () => {
  const unobserved = { observed: false, updated: 3, total: 3, available: 3, restartedAt: null };
  const noted = { 'hold-client:default/deployment/site': HELD };
  for (const parts of [{ ready: 2 }, { rollout: unobserved }]) {
    const ground = siteGround(parts);
    expect((await releaseClient.verify(callOf(releaseClient, ground, { params, notes: noted }))).kind).toBe('waiting');
    expect((await holdClient.undo.verify(callOf(holdClient, ground, { params, own: HELD }))).kind).toBe('holds');
  }
});
