import { describe, expect, it } from 'vitest';
import { seen } from '../../../src/model/observed.ts';
import type { Workload } from '../../../src/model/workload.ts';
import step from '../../../src/recovery/steps/restart-rollout.ts';
import { NOW } from '../../support/builders.ts';
import {
  createFakeWorld,
  type FakeWorld,
  SILENT,
  SITE_WORKLOAD,
  siteWorkload,
  stepCall,
} from '../../support/gentle-rungs.ts';
import { clusterState, pod } from '../../support/place-builders.ts';

const PARAMS = { workload: SITE_WORKLOAD };
const OLD = pod('site', { name: 'site-old' });
const pods = (...all: (typeof OLD)[]) => seen(clusterState({ pods: all }), NOW);

/** The note of this run's check, and the mark that its act leaves. */
async function begin(world: FakeWorld) {
  const standing = await step.check(stepCall(PARAMS, world));
  if (standing.kind !== 'ready') throw new Error(standing.saw);
  const own = standing.note ?? null;
  return { own, mark: (own as { mark: string }).mark };
}

const rolledOut = (mark: string | null, parts: Partial<Workload['rollout']> = {}) =>
  siteWorkload({ rollout: { observed: true, updated: 2, total: 2, available: 2, restartedAt: mark, ...parts } });

describe('a rollout restart', () => {
  it('is marked with its moment, in a stamp that kubectl could have written', async () => {
    const world = createFakeWorld({ pods: pods(OLD) });
    const { own, mark } = await begin(world);
    expect(mark).toMatch(/^2020-12-11T13:24:00\.\d{9}Z$/);
    expect(own).toEqual({ uid: 'uid-site', mark, pods: ['uid-site-old'] });
    await step.act(stepCall(PARAMS, world, { own }));
    expect(world.done).toEqual([`restart site uid-site ${mark}`]);
  });

  it('is the same one when it is tried again later', async () => {
    const world = createFakeWorld({ pods: pods(OLD) });
    const { own } = await begin(world);
    const later = { ...world.tools, clock: { now: () => NOW + 60_000 } };
    expect(await step.check({ ...stepCall(PARAMS, world, { own }), tools: later })).toMatchObject({
      kind: 'ready',
      note: own,
    });
  });

  it('is not done twice, even where its note is lost', async () => {
    const world = createFakeWorld();
    const { own, mark } = await begin(world);
    world.now.workload = seen(rolledOut(mark), NOW);
    expect(await step.check(stepCall(PARAMS, world, { own }))).toMatchObject({ kind: 'acted', note: own });
    expect((await step.check(stepCall(PARAMS, world))).kind).toBe('acted');
  });

  it('is another than that of another run', async () => {
    const { mark } = await begin(createFakeWorld({}, 'ffffffffff'));
    expect((await step.check(stepCall(PARAMS, createFakeWorld({ workload: seen(rolledOut(mark), NOW) })))).kind).toBe(
      'ready',
    );
  });

  it.each<[string, Partial<Workload> | null, string]>([
    ['is not there', null, 'not in the cluster'],
    ['is paused', { paused: true }, 'kubectl -n default rollout resume deployment/site'],
    ['has no replicas', { desired: 0 }, '0 replicas'],
    ['is held', { heldReplicas: 2 }, 'breakwater.dev/held-replicas'],
    ["is an operator's", { managers: ['example.com (Site main)'] }, 'example.com (Site main)'],
  ])('is refused where the workload %s', async (_, parts, words) => {
    const world = createFakeWorld({ workload: seen(parts && siteWorkload(parts), NOW) });
    expect(await step.check(stepCall(PARAMS, world))).toMatchObject({
      kind: 'blocked',
      saw: expect.stringContaining(words),
    });
  });

  it.each([{ workload: SILENT }, { pods: SILENT }])('waits for what cannot be read (%#)', async (now) => {
    expect((await step.check(stepCall(PARAMS, createFakeWorld(now)))).kind).toBe('unknown');
  });

  it('is not begun where nothing was noted', async () => {
    const world = createFakeWorld();
    expect((await step.act(stepCall(PARAMS, world))).kind).toBe('refused');
    expect(world.done).toEqual([]);
  });
});

describe('a rollout restart is through', () => {
  const after = async (workload: (mark: string) => Workload | null, list = pods(pod('site', { name: 'site-new' }))) => {
    const world = createFakeWorld({ pods: pods(OLD) });
    const { own, mark } = await begin(world);
    world.now.workload = seen(workload(mark), NOW);
    world.now.pods = list;
    return step.verify(stepCall(PARAMS, world, { own }));
  };

  it('when all pods are new, and the old ones gone', async () => {
    expect(await after(rolledOut)).toEqual({
      kind: 'holds',
      saw: '2 wanted, 2 new, 2 in total, 2 available, no old pod is left',
    });
  });

  it.each<[string, Partial<Workload['rollout']>]>([
    ['the controller has not seen it', { observed: false }],
    ['a pod is not new', { updated: 1 }],
    ['there are too many', { total: 3 }],
    ['one is not available', { available: 1 }],
    ['its mark is not there', { restartedAt: '2020-12-11T13:24:00Z' }],
  ])('but not while %s', async (_, parts) => {
    expect((await after((mark) => rolledOut(mark, parts))).kind).toBe('waiting');
  });

  it('but not while an old pod is Terminating', async () => {
    const verified = await after(rolledOut, pods({ ...OLD, terminatingAt: NOW }));
    expect(verified).toEqual({ kind: 'waiting', saw: 'old pods are left: site-old' });
  });

  it('where the old pod has ended, and is still listed', async () => {
    expect((await after(rolledOut, pods({ ...OLD, phase: 'Succeeded' }))).kind).toBe('holds');
  });

  it('never, where the workload is gone or another', async () => {
    expect((await after(() => null)).kind).toBe('failed');
    expect((await after((mark) => ({ ...rolledOut(mark), uid: 'another' }))).kind).toBe('failed');
    expect((await step.verify(stepCall(PARAMS, createFakeWorld()))).kind).toBe('failed');
  });

  it('unknown, while the cluster does not answer', async () => {
    expect((await after(rolledOut, SILENT)).kind).toBe('unknown');
    const world = createFakeWorld();
    const { own } = await begin(world);
    world.now.workload = SILENT;
    expect((await step.verify(stepCall(PARAMS, world, { own }))).kind).toBe('unknown');
  });
});
