import { describe, expect, it } from 'vitest';
import type { Pod } from '../../src/model/cluster.ts';
import { seen, unseen } from '../../src/model/observed.ts';
import { type PlaceConfig, watchPlace } from '../../src/watch/watch-place.ts';
import { NOW } from '../support/builders.ts';
import { createFakeCluster } from '../support/fake-cluster.ts';
import { createManualClock } from '../support/manual-clock.ts';
import {
  backupJob,
  backups,
  CLAIM,
  CRON_JOB,
  clusterEvent,
  clusterState,
  node,
  orphanReport,
  POSTGRES,
  pod,
  SITE,
} from '../support/place-builders.ts';

const ALL: PlaceConfig = {
  workload: POSTGRES,
  claim: CLAIM,
  dependents: [SITE],
  backup: { cronJob: CRON_JOB, maxAgeMs: 1_000 },
};
const NOTHING: PlaceConfig = { workload: null, claim: null, dependents: [], backup: null };
const lost = unseen('no answer', NOW);
const postgres = (parts: Partial<Pod> = {}) => pod('postgres', parts);
const of = (...pods: readonly Pod[]) => seen(clusterState({ pods }), NOW);

function watchFake(config: PlaceConfig = ALL, start = of(postgres(), pod('site'))) {
  const clock = createManualClock(NOW);
  const fake = createFakeCluster();
  fake.now.state = start;
  const { cluster, objects, backupJobs } = fake;
  let told = 0;
  const watch = watchPlace({
    config,
    cluster,
    objects,
    backups: backupJobs,
    orphans: null,
    clock,
    onChange: () => void (told += 1),
  });
  const asks = (what: string) => fake.asked.filter((each) => each.startsWith(what)).length;
  return { ...fake, clock, watch, asks, told: () => told };
}

describe('the place of a database', () => {
  it('is not known before it was read', async () => {
    const { watch } = watchFake();
    expect(watch.latest()).toMatchObject({
      workload: { role: 'database', workload: { ok: false, reason: 'not read yet' }, pods: { ok: true } },
      dependents: [{ role: 'dependent', workload: { ok: false } }],
      storage: { ok: false },
      backups: { found: { ok: false }, maxAgeMs: 1_000 },
      orphans: null,
    });
    await watch.stop();
  });

  it('is read at once, every 15 s, the backups every minute', async () => {
    const { clock, watch, asks } = watchFake();
    await clock.advance(14_999);
    expect([asks('workload'), asks('storage'), asks('backups')]).toEqual([2, 1, 1]);
    expect(watch.latest()).toMatchObject({ workload: { workload: { ok: true } }, storage: { ok: true } });
    await clock.advance(45_001);
    expect([asks('workload'), asks('storage'), asks('backups')]).toEqual([10, 5, 2]);
    await watch.stop();
  });

  it('reads the backups more often while one runs, whose end people wait for', async () => {
    const { clock, watch, asks, now } = watchFake();
    now.backups = seen(backups({ jobs: [backupJob({ state: 'running' })] }), NOW);
    await clock.advance(60_000);
    now.backups = seen(backups(), NOW);
    await clock.advance(15_000);
    const before = asks('backups');
    await clock.advance(45_000);
    expect([before, asks('backups')]).toEqual([3, 3]);
    await watch.stop();
  });

  it('asks for nothing that is not configured', async () => {
    const { clock, watch, asked } = watchFake(NOTHING);
    await clock.advance(120_000);
    expect(asked).toEqual([]);
    const place = { workload: null, dependents: [], node: null, storage: null, backups: null, orphans: null };
    expect(watch.latest()).toEqual(place);
    await watch.stop();
  });

  it('is read as soon as its pods change, every 2 s at most however often they do', async () => {
    const { clock, watch, asks, change } = watchFake();
    await clock.advance(10_000);
    for (let at = 0; at < 10; at += 1) {
      change(of(postgres({ readySince: at }), pod('site')));
      await clock.advance(400);
    }
    expect(asks('storage')).toBe(4);
    await clock.advance(14_999);
    expect(asks('storage')).toBe(4);
    await watch.stop();
  });

  it('is not read sooner for the pods of others', async () => {
    const { clock, watch, asks, change } = watchFake();
    await clock.advance(10_000);
    change(of(postgres(), pod('site'), pod('metabase')));
    await clock.advance(4_999);
    expect(asks('storage')).toBe(1);
    await watch.stop();
  });

  it('shows the pods as the watch sees them, by owner, without those that are over', async () => {
    const { watch, change } = watchFake();
    const own = [postgres(), postgres({ name: 'going', terminatingAt: NOW })];
    const others = [
      postgres({ phase: 'Failed' }),
      postgres({ namespace: 'staging' }),
      postgres({ owner: { kind: 'StatefulSet', name: 'postgres', revision: null } }),
      postgres({ owner: null }),
    ];
    change(of(...own, ...others, pod('site')));
    expect(watch.latest().workload?.pods).toEqual(seen(own, NOW));
    await watch.stop();
  });

  it('knows no pods and no node while the watch is stale', async () => {
    const { clock, watch, change } = watchFake();
    await clock.advance(1);
    change(unseen('the watch is stale', NOW));
    expect(watch.latest()).toMatchObject({
      workload: { pods: { ok: false, reason: 'the watch is stale' }, workload: { ok: true } },
      node: { ok: false, reason: 'the watch is stale' },
    });
    await watch.stop();
  });

  it('does not go on telling what it read before, once a read fails', async () => {
    const { clock, watch, now } = watchFake();
    await clock.advance(1);
    Object.assign(now, { workload: lost, storage: lost, backups: lost });
    await clock.advance(60_000);
    expect(watch.latest()).toMatchObject({ workload: { workload: lost }, storage: lost, backups: { found: lost } });
    await watch.stop();
  });

  it('tells of changes, and of nothing once it is stopped', async () => {
    const { clock, watch, change, told, listeners, now } = watchFake();
    await clock.advance(1);
    const before = told();
    change(of(postgres({ ready: false })));
    expect(told()).toBe(before + 1);
    await watch.stop();
    expect([listeners(), clock.sleeping()]).toEqual([0, []]);
    now.workload = lost;
    await clock.advance(60_000);
    expect(told()).toBe(before + 1);
  });

  it('tells nothing of what was under way when it was stopped', async () => {
    const { watch, told } = watchFake();
    await watch.stop();
    expect(told()).toBe(0);
  });

  it('takes the orphaned sessions from who counts them', async () => {
    const { cluster, objects, backupJobs } = createFakeCluster();
    const orphans = { latest: () => seen(orphanReport([]), NOW) };
    const parts = { cluster, objects, backups: backupJobs, orphans, clock: createManualClock(NOW), onChange: () => {} };
    const watch = watchPlace({ config: NOTHING, ...parts });
    expect(watch.latest().orphans).toEqual(orphans.latest());
    await watch.stop();
  });
});

describe('warnings about pods', () => {
  it('are not asked for while all of them are ready', async () => {
    const { clock, watch, asks } = watchFake();
    await clock.advance(60_000);
    expect(asks('events')).toBe(0);
    expect(watch.latest().workload?.events).toMatchObject({ ok: true, value: [] });
    await watch.stop();
  });

  it('are asked for by the names of those that are not, of the last 15 minutes', async () => {
    const young = clusterEvent({ at: NOW - 14 * 60_000 });
    const { clock, watch, asked, now } = watchFake(ALL, of(postgres({ name: 'p-1', ready: false }), pod('site')));
    const others = [clusterEvent({ at: NOW - 16 * 60_000 }), clusterEvent({ type: 'Normal' })];
    now.events = seen([...others, young], NOW);
    await clock.advance(15_000);
    expect(asked).toContain('events p-1');
    expect(watch.latest().workload?.events).toMatchObject({ ok: true, value: [young] });
    await watch.stop();
  });

  it('are unknown where they cannot be read, or the pods are not seen', async () => {
    const { clock, watch, now, change } = watchFake(ALL, of(postgres({ ready: false })));
    now.events = lost;
    await clock.advance(15_000);
    expect(watch.latest().workload?.events).toEqual(lost);
    change(unseen('stale', NOW));
    await clock.advance(2_000);
    expect(watch.latest().workload?.events).toMatchObject({ ok: false, reason: 'stale' });
    await watch.stop();
  });
});

describe('the node under PostgreSQL', () => {
  it.each([
    ['of the pod that was scheduled last', [postgres({ node: 'node-2', scheduledAt: NOW }), postgres()], 'node-2'],
    [
      'of one that waits to go, while no other is scheduled',
      [postgres({ terminatingAt: NOW }), postgres({ node: null })],
      'node-1',
    ],
  ])('is that %s', async (_, pods, name) => {
    const nodes = [node(), node({ name: 'node-2' })];
    const { watch } = watchFake(ALL, seen(clusterState({ pods, nodes }), NOW));
    expect(watch.latest().node).toMatchObject({ ok: true, value: { name } });
    await watch.stop();
  });

  it('is the dead one as long as a pod hangs there, though the next pod waits on another', async () => {
    const hanging = postgres({ terminatingAt: NOW });
    const waiting = postgres({ node: 'node-2', scheduledAt: NOW });
    const nodes = [node({ name: 'node-2' }), node({ ready: 'Unknown' })];
    const { watch, change } = watchFake(ALL, seen(clusterState({ pods: [waiting, hanging], nodes }), NOW));
    expect(watch.latest().node).toMatchObject({ value: { name: 'node-1', ready: 'Unknown' } });
    change(seen(clusterState({ pods: [waiting], nodes }), NOW));
    expect(watch.latest().node).toMatchObject({ value: { name: 'node-2' } });
    await watch.stop();
  });

  it('is none while no pod is scheduled, and unknown where the cluster has lost it', async () => {
    const { watch, change } = watchFake(ALL, of(postgres({ node: null })));
    expect(watch.latest().node).toEqual(seen(null, NOW));
    change(of(postgres({ node: 'gone' })));
    expect(watch.latest().node).toMatchObject({ ok: false, reason: expect.stringContaining('no node gone') });
    await watch.stop();
  });
});
