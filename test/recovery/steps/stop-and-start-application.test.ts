import { describe, expect, it } from 'vitest';
import { seen } from '../../../src/model/observed.ts';
import type { Workload } from '../../../src/model/workload.ts';
import start from '../../../src/recovery/steps/start-application.ts';
import stop from '../../../src/recovery/steps/stop-application.ts';
import { NOW } from '../../support/builders.ts';
import { createFakeWorld, SILENT, SITE_WORKLOAD, siteWorkload, stepCall } from '../../support/gentle-rungs.ts';
import { clusterState, pod } from '../../support/place-builders.ts';

const PARAMS = { workload: SITE_WORKLOAD };
const NOTE = { uid: 'uid-site', replicas: 2, pods: ['uid-site-old'] };
const OLD = pod('site', { name: 'site-old' });
const pods = (...all: (typeof OLD)[]) => seen(clusterState({ pods: all }), NOW);
const worldOf = (workload: Partial<Workload> | null, list = pods()) =>
  createFakeWorld({ workload: seen(workload && siteWorkload(workload), NOW), pods: list });
const HELD = { desired: 0, heldReplicas: 2 };

describe('stopping an application', () => {
  it('remembers its replicas, and scales it to 0', async () => {
    const world = worldOf({ desired: 2 }, pods(OLD));
    const standing = await stop.check(stepCall(PARAMS, world));
    expect(standing).toEqual({ kind: 'ready', saw: 'default/deployment/site has 2 replicas and 1 pods', note: NOTE });
    await stop.act(stepCall(PARAMS, world, { own: NOTE }));
    expect(world.scaled).toEqual([{ reference: SITE_WORKLOAD, uid: 'uid-site', from: 2, to: 0, held: 'remember' }]);
  });

  it('is done where it was stopped already, and keeps the note', async () => {
    expect(await stop.check(stepCall(PARAMS, worldOf(HELD), { own: NOTE }))).toMatchObject({
      kind: 'acted',
      note: NOTE,
    });
    expect(await stop.check(stepCall(PARAMS, worldOf({ desired: 0, heldReplicas: 3 })))).toMatchObject({
      kind: 'acted',
      note: { uid: 'uid-site', replicas: 3, pods: [] },
    });
  });

  it.each<[string, Partial<Workload> | null]>([
    ['is not there', null],
    ['has no replicas, and nobody remembers any', { desired: 0 }],
    ['remembers none', { desired: 0, heldReplicas: 0 }],
    ['remembers something else', { desired: 0, heldReplicas: 'unreadable' }],
    ['runs, and remembers replicas of another run', { desired: 2, heldReplicas: 5 }],
    ["is an operator's", { managers: ['example.com (Site main)'] }],
  ])('is refused where it %s', async (_, workload) => {
    expect((await stop.check(stepCall(PARAMS, worldOf(workload)))).kind).toBe('blocked');
  });

  it.each([{ workload: SILENT }, { pods: SILENT }])('waits for what cannot be read (%#)', async (now) => {
    expect((await stop.check(stepCall(PARAMS, createFakeWorld(now)))).kind).toBe('unknown');
  });

  it('is not begun where nothing was noted', async () => {
    const world = worldOf({});
    expect((await stop.act(stepCall(PARAMS, world))).kind).toBe('refused');
    expect(world.scaled).toEqual([]);
  });

  it('is through when its pods are gone, whatever its status says', async () => {
    const verify = async (...all: (typeof OLD)[]) =>
      (await stop.verify(stepCall(PARAMS, worldOf(HELD, pods(...all)), { own: NOTE }))).kind;
    expect(await verify()).toBe('holds');
    expect(await verify({ ...OLD, terminatingAt: NOW })).toBe('waiting');
    expect(await verify(pod('site', { name: 'site-new' }))).toBe('waiting');
    // Orphaned by its ReplicaSet, and still there.
    expect(await verify({ ...OLD, owner: null })).toBe('waiting');
    expect(await verify({ ...OLD, phase: 'Failed' })).toBe('holds');
    expect(await verify(pod('bot', { name: 'bot-1' }))).toBe('holds');
  });

  it('is not through while it has replicas, is gone, or is not seen', async () => {
    const verify = async (world: ReturnType<typeof worldOf>) =>
      (await stop.verify(stepCall(PARAMS, world, { own: NOTE }))).kind;
    expect(await verify(worldOf({ desired: 2 }))).toBe('waiting');
    expect(await verify(worldOf(null))).toBe('failed');
    expect(await verify(createFakeWorld({ workload: SILENT }))).toBe('unknown');
    expect(await verify(worldOf(HELD, SILENT))).toBe('unknown');
  });
});

const WAYS = [
  ['starting', start, { workload: SITE_WORKLOAD, stoppedBy: 'stop-application' }],
  ['undoing the stop of', stop.undo, PARAMS],
] as const;

describe.each(WAYS)('%s an application', (_, step, params) => {
  const callOf = (world: ReturnType<typeof worldOf>, note: typeof NOTE | null = NOTE) => {
    const noted = (id: string) => (id === 'stop-application' ? note : null);
    return stepCall({ stoppedBy: 'stop-application', ...params }, world, { own: note, noted });
  };

  it.each([
    ['the annotation remembers', { desired: 0, heldReplicas: 3 }, NOTE, 3, 'forget'],
    ['the annotation remembers, where no note is', { desired: 0, heldReplicas: 3 }, null, 3, 'forget'],
    ['the note remembers, where the annotation went', { desired: 0 }, NOTE, 2, 'leave'],
    ['the note remembers, where the annotation is torn', { desired: 0, heldReplicas: 'unreadable' }, NOTE, 2, 'leave'],
  ] as const)('gives it the replicas back that %s', async (_, workload, note, to, held) => {
    const world = worldOf(workload);
    expect((await step.check(callOf(world, note))).kind).toBe('ready');
    await step.act(callOf(world, note));
    expect(world.scaled).toEqual([{ reference: SITE_WORKLOAD, uid: 'uid-site', from: 0, to, held }]);
  });

  it('leaves one alone that has replicas', async () => {
    const world = worldOf({ desired: 1, heldReplicas: 2 });
    expect(await step.check(callOf(world))).toMatchObject({
      kind: 'acted',
      saw: expect.stringContaining('held-replicas'),
    });
    expect(await step.act(callOf(world))).toEqual({ kind: 'done' });
    expect(world.scaled).toEqual([]);
  });

  it.each([
    ['is not there', null, NOTE],
    ['was made anew', { ...HELD, uid: 'another' }, NOTE],
    ['has replicas that nobody remembers', { desired: 0 }, null],
  ])('is refused where it %s', async (_, workload, note) => {
    const world = worldOf(workload);
    expect((await step.check(callOf(world, note))).kind).toBe('blocked');
    expect((await step.act(callOf(world, note))).kind).toBe('refused');
    expect(world.scaled).toEqual([]);
  });

  it('waits while the workload cannot be read', async () => {
    const world = createFakeWorld({ workload: SILENT });
    expect((await step.check(callOf(world))).kind).toBe('unknown');
    expect((await step.act(callOf(world))).kind).toBe('refused');
    expect((await step.verify(callOf(world))).kind).toBe('unknown');
  });

  it('is not through while it has 0 replicas', async () => {
    expect((await step.verify(callOf(worldOf(HELD)))).kind).toBe('waiting');
    expect((await step.verify(callOf(worldOf({ desired: 2 })))).kind).toBe('holds');
  });
});

describe('an application that is started', () => {
  it.each<[Partial<Workload> | null, string]>([
    [{ desired: 2, ready: 1 }, 'waiting'],
    [{ desired: 2, ready: 2 }, 'holds'],
    [{ desired: 2, ready: 2, rollout: { ...siteWorkload().rollout, observed: false } }, 'waiting'],
    [null, 'failed'],
  ])('is through when its pods are ready (%#)', async (workload, kind) => {
    const params = { workload: SITE_WORKLOAD, stoppedBy: 'stop-application' };
    expect((await start.verify(stepCall(params, worldOf(workload)))).kind).toBe(kind);
  });
});
