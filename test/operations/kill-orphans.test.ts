import { describe, expect, it } from 'vitest';
import type { ClusterState, Pod } from '../../src/model/cluster.ts';
import { seen, unseen } from '../../src/model/observed.ts';
import { readKillPlan } from '../../src/operations/kill-plan-schema.ts';
import { NOW } from '../support/builders.ts';
import { clusterState, pod, vanishedPod } from '../support/cluster-look.ts';
import { detailedSession, detailedSessions } from '../support/detailed-session.ts';
import { createKillWorld, type KillWorld } from './kill-world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const pods =
  (parts: Partial<ClusterState> = {}) =>
  () =>
    seen(clusterState(parts), NOW);
const withPods = (...extra: readonly Partial<Pod>[]) => pods({ pods: [pod(), ...extra.map(pod)] });
const back = { name: 'back', addresses: ['10.2.0.5'], startedAt: NOW - MINUTE };

/** 45 orphaned ones, and one of a living pod. */
const CROWD = [...detailedSessions(45), detailedSession({ pid: 7, address: '10.2.0.6' })];

async function previewed(parts: Partial<KillWorld> = {}) {
  const made = createKillWorld(CROWD, { pods: pods(), ...parts });
  const preview = await made.operation.preview({}, 'rosa');
  if (preview.kind !== 'ready') throw new Error(`not ready: ${preview.kind}`);
  const { id, hash } = preview.confirmation;
  made.log.length = 0;
  return { ...made, preview, id, click: () => made.operation.execute(id, hash, 'remy', async () => {}) };
}

describe('the preview of orphaned sessions', () => {
  it('is what is shown where no kind is given: pods are listed after the sessions, nobody alive is in it', async () => {
    const { operation, log } = createKillWorld(CROWD, { pods: pods() });
    const preview = await operation.preview({}, 'rosa');
    if (preview.kind !== 'ready') throw new Error(preview.kind);
    expect(log).toEqual(['sessions', 'list', 'record previewed']);
    expect(preview.plan.criteria).toEqual({ kind: 'orphaned', olderThanMs: MINUTE, application: null });
    expect(preview.plan.targets.map(({ pid }) => pid)).not.toContain(7);
    expect(preview.plan.targets[44]?.pod).toEqual({
      namespace: 'default',
      name: 'site-6f-q8w7e',
      owner: 'Deployment/site',
      revision: '41',
      vanishedAt: NOW - 38 * MINUTE,
    });
  });

  it('is recorded with the pods that are gone', async () => {
    const { recorded } = await previewed();
    expect(recorded[0]?.fact).toMatchObject({
      stage: 'previewed',
      summary: '45 sessions, orphaned, and connected for 1 min or longer: 45 of pod site-6f-q8w7e',
    });
  });

  it('is kept so that it is read back as it was', async () => {
    const active = { state: 'active', waitEvent: 'ClientWrite', stateMs: HOUR } as const;
    const sessions = [detailedSession(), detailedSession({ pid: 2, address: '10.2.0.9', ...active })];
    const { operation, book } = createKillWorld(sessions, { pods: pods() });
    const preview = await operation.preview({}, 'rosa');
    if (preview.kind !== 'ready') throw new Error(preview.kind);
    const kept: unknown = JSON.parse(JSON.stringify(book.get(preview.confirmation.id)?.plan));
    expect(readKillPlan(kept)).toEqual(preview.plan);
    expect(preview.plan.targets.map(({ waitEvent, pod: gone }) => [waitEvent, gone?.name])).toEqual([
      [undefined, 'site-6f-q8w7e'],
      ['ClientWrite', undefined],
    ]);
  });

  it.each(['1s', '59s'])('selects nobody younger than a minute, though %s is asked for', async (olderThan) => {
    const { operation } = createKillWorld(CROWD, { pods: pods() });
    const preview = await operation.preview({ kind: 'orphaned', olderThan }, 'rosa');
    expect(preview).toMatchObject({ plan: { criteria: { olderThanMs: MINUTE } } });
  });

  it.each<[string, Partial<KillWorld>, RegExp]>([
    ['the pods cannot be listed', { pods: () => unseen('403 Forbidden', NOW) }, /pods are not seen: 403 Forbidden/],
    [
      'the list is older than the sessions',
      { pods: () => seen(clusterState(), NOW - 1) },
      /listed before the sessions/,
    ],
    ['no networks are configured', { podCidrs: [] }, /write them into kubernetes.podCidrs/],
    [
      'the networks are not those of the pods',
      { podCidrs: ['10.2.0.4/31'] },
      /pod default\/site-7a-x2x4z has 10.2.0.6/,
    ],
    ['there are no pods', { pods: pods({ pods: [] }) }, /no pod that has an address/],
  ])('refuses and records that, and offers the other kinds, where %s', async (_, parts, why) => {
    const { operation, book, recorded } = createKillWorld(CROWD, { pods: pods(), ...parts });
    expect(await operation.preview({}, 'rosa')).toMatchObject({
      kind: 'choose',
      why: expect.stringMatching(why),
      choices: [
        { kind: 'idle', count: 46 },
        { kind: 'idle-in-transaction', count: 0 },
      ],
    });
    expect(book.size).toBe(0);
    expect(recorded).toMatchObject([{ by: 'rosa', fact: { stage: 'refused', summary: expect.stringMatching(why) } }]);
  });

  it('does not wait for ever for a list that does not come', async () => {
    const { operation, clock } = createKillWorld(CROWD, { pods: () => new Promise(() => {}) });
    const previewing = operation.preview({}, 'rosa');
    await clock.advance(10_000);
    expect(await previewing).toMatchObject({ kind: 'choose', why: 'the pods are not seen: no answer within 10 s' });
  });

  it('says what to configure where there is no cluster, and refuses nothing', async () => {
    const { operation, recorded } = createKillWorld(CROWD);
    expect(await operation.preview({}, 'rosa')).toMatchObject({
      kind: 'choose',
      why: expect.stringMatching(/needs the cluster.*Write kubernetes with its podCidrs/),
    });
    expect(recorded).toEqual([]);
  });

  it('offers the other kinds where nobody is orphaned', async () => {
    const { operation } = createKillWorld(CROWD, { pods: withPods(back) });
    expect(await operation.preview({}, 'rosa')).toMatchObject({
      kind: 'nothing',
      choices: [
        { kind: 'orphaned', olderThanMs: MINUTE, count: 0 },
        { kind: 'idle', count: 46 },
        { kind: 'idle-in-transaction', count: 0 },
      ],
    });
  });

  it('is offered where another kind finds nobody', async () => {
    const { operation, log } = createKillWorld(CROWD, { pods: pods() });
    const preview = await operation.preview({ kind: 'idle-in-transaction' }, 'rosa');
    expect(preview).toMatchObject({ kind: 'nothing', choices: [{ kind: 'orphaned', count: 45 }, {}, {}] });
    expect(log).toEqual(['sessions', 'list']);
  });

  it('asks the cluster nothing where another kind finds somebody', async () => {
    const { operation, log } = createKillWorld(CROWD, { pods: pods() });
    await operation.preview({ kind: 'idle' }, 'rosa');
    expect(log).toEqual(['sessions', 'record previewed']);
  });
});

describe('the click on orphaned sessions', () => {
  it('lists the pods again, after the claim and before anybody is ended', async () => {
    const { click, log, asked } = await previewed();
    expect((await click()).outcome).toMatchObject({ terminated: 45, spared: 0 });
    expect(log.slice(0, 5)).toEqual(['claim', 'record confirmed', 'record before', 'list', 'terminate']);
    expect(asked[0]).toHaveLength(45);
  });

  it('spares whose address came back, and says whose it is', async () => {
    const other = detailedSession({ pid: 8, address: '10.2.0.9' });
    const { click, world, asked, recorded } = await previewed({ sessions: seen([...CROWD, other], NOW) });
    world.pods = withPods(back);
    const result = await click();
    expect(asked.map((targets) => targets.map(({ pid }) => pid))).toEqual([[8]]);
    expect(result.outcome).toMatchObject({ terminated: 1, spared: 45, failed: 0, unknown: 0 });
    expect(result.fates.find(({ target }) => target.pid === 1_000)).toMatchObject({
      fate: 'doubtful',
      reason: 'its address came back: pod back of revision 42',
    });
    expect(recorded.findLast(({ fact }) => fact.type === 'act')?.fact).toMatchObject({
      summary: expect.stringContaining('(45 in doubt: its address came back: pod back of revision 42)'),
    });
  });

  it('is recorded with each reason of those in doubt, not with the first as if it were of all', async () => {
    const other = detailedSession({ pid: 8, address: '10.2.0.9' });
    const { click, world, recorded } = await previewed({ sessions: seen([...CROWD, other], NOW) });
    world.pods = withPods(back, { name: 'too', addresses: ['10.2.0.9'], startedAt: NOW - MINUTE });
    await click();
    expect(recorded.findLast(({ fact }) => fact.type === 'act')?.fact).toMatchObject({
      summary: expect.stringContaining(
        '(46 in doubt: 45 as its address came back: pod back of revision 42, 1 as its address came back: pod too of revision 42)',
      ),
    });
  });

  it.each<[string, () => ReturnType<NonNullable<KillWorld['pods']>>, RegExp]>([
    ['Terminating', withPods({ ...back, terminatingAt: NOW }), /came back: pod back/],
    ['of the same age', withPods({ ...back, startedAt: NOW - 3 * HOUR }), /came back: pod back/],
    ['one of several', withPods(back, { ...back, name: 'again' }), /several pods/],
    [
      'without its address yet',
      withPods({ name: 'new', addresses: [], scheduledAt: NOW - 3 * HOUR }),
      /no address yet/,
    ],
    ['not seen', () => unseen('refused', NOW), /cannot be told: the pods are not seen: refused/],
    ['listed before the click', () => seen(clusterState(), NOW - 1), /cannot be told: the pods were listed before/],
    ['in other networks', pods({ pods: [pod({ addresses: ['172.16.0.1'] })] }), /cannot be told: none of its pods/],
  ])('ends nobody while a pod is %s, and finishes', async (_, now, reason) => {
    const { click, world, asked, book, id } = await previewed();
    world.pods = now;
    const result = await click();
    expect(asked).toEqual([]);
    expect(result.outcome).toMatchObject({ terminated: 0, spared: 45, failed: 0, unknown: 0 });
    expect(result.outcome.left[0]?.reason).toMatch(reason);
    expect(book.get(id)?.state).toMatchObject({ kind: 'done', outcome: { spared: 45 } });
  });

  it('ends nobody where the cluster is configured no more', async () => {
    const { click, world, asked } = await previewed();
    world.pods = null;
    expect((await click()).outcome).toMatchObject({ terminated: 0, spared: 45 });
    expect(asked).toEqual([]);
  });

  it('ends nobody while a list does not come', async () => {
    const { click, world, clock, asked } = await previewed();
    world.pods = () => new Promise(() => {});
    const clicking = click();
    await clock.advance(20_000);
    expect((await clicking).outcome).toMatchObject({ terminated: 0, spared: 45 });
    expect(asked).toEqual([]);
  });

  it('passes on what an active one was shown to wait for', async () => {
    const active = detailedSession({ state: 'active', waitEvent: 'ClientWrite' });
    const { click, asked } = await previewed({ sessions: seen([active], NOW) });
    await click();
    expect(asked[0]).toMatchObject([{ state: 'active', waitEvent: 'ClientWrite' }]);
  });

  it('is told again as it was', async () => {
    const { click, world, operation, book, id } = await previewed();
    world.pods = withPods(back);
    const { fates } = await click();
    const confirmation = book.get(id);
    expect(confirmation && operation.recall(confirmation)?.fates).toEqual(fates);
  });

  it('of another kind asks the cluster nothing', async () => {
    const { killAll, log } = createKillWorld(CROWD, { pods: pods() });
    await killAll('idle');
    expect(log).not.toContain('list');
  });
});

it('takes a plan that was written before there were pods in it', () => {
  const { pid, backendStart, userId, databaseId, state, stateChange, user, database, applicationName, address } =
    detailedSession();
  const known = { pid, backendStart, userId, databaseId, state, stateChange, user, database, applicationName, address };
  const plan = {
    criteria: { kind: 'idle', olderThanMs: 600_000, application: null },
    targets: [{ ...known, application: 'site', stateMs: 1, ageMs: 1 }],
    holders: { used: 1, usable: 97, max: 100, applications: [] },
  };
  expect(readKillPlan(plan)).toEqual(plan);
});

it('names the pods that held the most, and counts the rest', async () => {
  const sessions = [1, 2, 3, 4, 5].flatMap((last) =>
    detailedSessions(10 - last, { pid: last * 100, address: `10.2.0.1${last}` }),
  );
  const vanished = [vanishedPod({ addresses: ['10.2.0.11'] })];
  const { recorded } = await previewed({ sessions: seen(sessions, NOW), pods: pods({ vanished }) });
  expect(recorded[0]?.fact).toMatchObject({
    summary: expect.stringContaining(': 9 of pod site-6f-q8w7e, 8 of 10.2.0.12, 7 of 10.2.0.13, 11 of others'),
  });
});
