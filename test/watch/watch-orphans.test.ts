import { describe, expect, it } from 'vitest';
import type { DetailedSession } from '../../src/model/activity.ts';
import type { Pod } from '../../src/model/cluster.ts';
import { type Observed, seen, unseen } from '../../src/model/observed.ts';
import type { OrphanReport } from '../../src/model/orphan.ts';
import type { SessionGroup } from '../../src/model/session-group.ts';
import type { StaleContext } from '../../src/model/stale-criteria.ts';
import { watchOrphans } from '../../src/watch/watch-orphans.ts';
import { group, NOW } from '../support/builders.ts';
import { createFakeCluster } from '../support/fake-cluster.ts';
import { detailed } from '../support/looking.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { clusterState, node, orphanGroup, orphanReport, pod } from '../support/place-builders.ts';

const FOUND = orphanReport([orphanGroup()]);
const VANISHED = group({ address: '10.2.0.66' });

function watchFake(groups: readonly SessionGroup[], pods: readonly Pod[] = [pod('site')]) {
  const clock = createManualClock(NOW);
  const { asked, cluster, now } = createFakeCluster();
  const state = clusterState({ pods, nodes: [node({ tunnelAddresses: ['10.2.0.2'] })] });
  now.state = seen(state, NOW);
  now.list = seen(state, NOW + 5);
  const world: {
    sessions: Observed<readonly SessionGroup[]>;
    details: Observed<readonly DetailedSession[]>;
    poolerPids: Observed<ReadonlySet<number>>;
    report: () => OrphanReport;
  } = {
    sessions: seen(groups, NOW),
    details: seen([detailed()], NOW + 5),
    poolerPids: seen(new Set([7]), NOW),
    report: () => FOUND,
  };
  const contexts: StaleContext[] = [];
  const watch = watchOrphans({
    sessions: () => world.sessions,
    actions: {
      async readDetails() {
        asked.push('details');
        return world.details;
      },
      async readPoolerPids() {
        asked.push('pooler');
        return world.poolerPids;
      },
    },
    cluster,
    podCidrs: ['10.2.0.0/16', 'fd00::/64'],
    excludeAddresses: ['10.2.9.9'],
    applications: [],
    protect: ['pg_dump'],
    reportOrphans(_, context) {
      contexts.push(context);
      return world.report();
    },
    clock,
    onChange: () => {},
  });
  return { clock, asked, now, world, watch, contexts };
}

describe('sessions that nobody owns', () => {
  it.each<[string, readonly SessionGroup[]]>([
    ['a live pod', [group({ address: '10.2.0.5' })]],
    [
      'no pod network',
      [group({ address: '10.3.0.5' }), group({ address: '127.0.0.1' }), group({ address: 'fe80::1' })],
    ],
    ['a Unix-domain socket', [group({ address: null })]],
    ['an excluded address', [group({ address: '10.2.9.9' })]],
    ["a node's tunnel", [group({ address: '10.2.0.2' })]],
    ["a node's bridge", [group({ address: '10.2.0.1' })]],
    ['a live pod, written another way', [group({ address: '::ffff:10.2.0.5' })]],
  ])('are none, and nobody is asked, where all come from %s', async (_, groups) => {
    const { clock, asked, watch } = watchFake(groups);
    await clock.advance(30_000);
    expect(asked).toEqual([]);
    expect(watch.latest()).toMatchObject({ ok: true, value: { count: 0, groups: [], watchedSince: NOW - 86_400_000 } });
    await watch.stop();
  });

  it.each<[string, SessionGroup, readonly Pod[]]>([
    ['no pod has', VANISHED, [pod('site')]],
    [
      'only a pod that is over has',
      VANISHED,
      [pod('site'), pod('job', { addresses: ['10.2.0.66'], phase: 'Succeeded' })],
    ],
    ['no pod has, of version 6', group({ address: 'fd00::7' }), [pod('site')]],
  ])('are looked for at an address that %s: sessions first, then pods', async (_, sessions, pods) => {
    const { clock, asked, watch, contexts } = watchFake([sessions], pods);
    await clock.advance(1);
    expect(asked).toEqual(['details', 'pooler', 'list']);
    expect(watch.latest()).toEqual(seen(FOUND, NOW + 5));
    expect(contexts).toMatchObject([
      {
        protect: ['pg_dump'],
        sessionsAt: NOW + 5,
        cluster: { state: { ok: true }, podCidrs: ['10.2.0.0/16', 'fd00::/64'] },
      },
    ]);
    await watch.stop();
  });

  it('are not looked for at the address of a pod that waits to go', async () => {
    const { clock, asked, watch } = watchFake(
      [VANISHED],
      [pod('site', { addresses: ['10.2.0.66'], terminatingAt: NOW })],
    );
    await clock.advance(1);
    expect(asked).toEqual([]);
    await watch.stop();
  });

  it('are counted anew every 15 s, and at once on demand', async () => {
    const { clock, asked, watch, world } = watchFake([VANISHED]);
    await clock.advance(15_000);
    expect(asked.filter((each) => each === 'list')).toHaveLength(2);
    world.sessions = seen([], NOW);
    watch.demand();
    await clock.advance(0);
    expect(watch.latest()).toMatchObject({ ok: true, value: { count: 0 } });
    await watch.stop();
    expect(clock.sleeping()).toEqual([]);
  });

  it('are unknown before the first look', async () => {
    const { watch } = watchFake([]);
    expect(watch.latest()).toMatchObject({ ok: false, reason: 'not looked yet' });
    await watch.stop();
  });

  it.each<[string, (fake: ReturnType<typeof watchFake>) => void, RegExp]>([
    ['the sessions are not seen', ({ world }) => void (world.sessions = unseen('frozen', NOW)), /frozen/],
    ['the watch of the pods is stale', ({ now }) => void (now.state = unseen('stale', NOW)), /stale/],
    ['the sessions cannot be read one by one', ({ world }) => void (world.details = unseen('full', NOW)), /full/],
    ['the pooler does not say whose are its own', ({ world }) => void (world.poolerPids = unseen('mute', NOW)), /mute/],
    [
      'the networks are not those of the watched pods',
      ({ now }) => void (now.state = seen(clusterState({ pods: [pod('site', { addresses: ['10.3.0.1'] })] }), NOW)),
      /none of its pods has an address in/,
    ],
    [
      'the pods that are listed are those of another cluster',
      ({ now }) => void (now.list = seen(clusterState({ pods: [] }), NOW + 5)),
      /perhaps it is another cluster/,
    ],
    [
      'the pods were listed before the sessions were read',
      ({ now }) => void (now.list = seen(clusterState({ pods: [pod('site')] }), NOW + 4)),
      /listed before the sessions/,
    ],
    ['the pods cannot be listed', ({ now }) => void (now.list = unseen('timed out', NOW)), /timed out/],
    [
      'the decision has a fault',
      ({ world }) =>
        void (world.report = () => {
          throw new Error('oh');
        }),
      /fault of ours.*oh/,
    ],
  ])('are unknown, and no longer what they were, once %s', async (_, spoil, reason) => {
    const fake = watchFake([VANISHED]);
    await fake.clock.advance(1);
    expect(fake.watch.latest().ok).toBe(true);
    spoil(fake);
    await fake.clock.advance(15_000);
    expect(fake.watch.latest()).toMatchObject({ ok: false, reason: expect.stringMatching(reason) });
    await fake.watch.stop();
  });
});
