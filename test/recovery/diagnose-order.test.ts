import { describe, expect, it } from 'vitest';
import { seen } from '../../src/model/observed.ts';
import { diagnose } from '../../src/recovery/diagnose.ts';
import { group, NOW } from '../support/builders.ts';
import { clusterEvent, container, node, orphanGroup, orphanReport, POSTGRES, pod } from '../support/place-builders.ts';
import { facts, heard, inCluster, seenWorkload } from '../support/recovery-facts.ts';

const MINUTE_MS = 60_000;
const FULL = [group({ user: 'x', count: 40 }), group({ user: 'y', count: 40 }), group({ count: 17 })];
const DOWN = heard('stopped', null);
const starved = clusterEvent({ reason: 'BackOff', message: 'FATAL: could not write: No space left on device' });
const looping = (reason: string) =>
  pod('postgres', {
    ready: false,
    containers: [
      container({ waiting: 'CrashLoopBackOff', restarts: 7, lastEnd: { reason, at: NOW - 30_000, exitCode: 1 } }),
    ],
  });
const pendingFor = (ms: number, waiting: string | null = 'ContainerCreating') =>
  pod('postgres', {
    phase: 'Pending',
    ready: false,
    scheduledAt: NOW - ms,
    createdAt: NOW - ms,
    containers: [container({ ready: false, waiting })],
  });
const stuck = { events: seen([clusterEvent({ reason: 'FailedAttachVolume', message: 'Multi-Attach error' })], NOW) };
const notReady = { nodes: [node({ ready: 'Unknown', readySince: NOW - 10 * MINUTE_MS })] };

/** Each of two that fit at once: the first is told. */
describe('the order of the conditions', () => {
  const recovering = heard('crash-recovery', null);
  it.each([
    ['a full disk before a recovery', { snapshot: recovering, events: seen([starved], NOW) }, 'out-of-disk'],
    [
      'a recovery before a dead node',
      { snapshot: recovering, cluster: inCluster([pod('postgres')], notReady) },
      'crash-recovery',
    ],
    [
      'a recovery before a crash loop',
      { snapshot: recovering, cluster: inCluster([looping('Error')]) },
      'crash-recovery',
    ],
    [
      'scaled to 0 before no pod',
      { snapshot: DOWN, workload: seenWorkload(POSTGRES, { desired: 0 }), cluster: inCluster([]) },
      'scaled-to-zero',
    ],
    [
      'a dead node before a volume that is stuck',
      { snapshot: DOWN, ...stuck, cluster: inCluster([pendingFor(5 * MINUTE_MS)], notReady) },
      'node-dead',
    ],
    [
      'a stuck volume before a pod that does not start',
      { snapshot: DOWN, ...stuck, cluster: inCluster([pendingFor(5 * MINUTE_MS)]) },
      'volume-stuck',
    ],
    [
      'a dead node before a postmaster that hangs',
      { snapshot: heard('frozen', null), cluster: inCluster([pod('postgres')], notReady) },
      'node-dead',
    ],
    ['a hung postmaster before a full server', { snapshot: heard('frozen', [group({ count: 97 })]) }, 'hung'],
    ['a full server before a canary that is asked wrongly', { snapshot: heard('auth-refused', FULL) }, 'full'],
    [
      'a full server before its node',
      {
        snapshot: heard('only-reserved-left', FULL),
        cluster: inCluster([pod('postgres')], notReady),
      },
      'full',
    ],
    [
      'a leak before orphaned sessions',
      {
        snapshot: heard('admitted', [group({ count: 60 })]),
        orphans: seen(orphanReport([orphanGroup({ count: 10 })]), NOW),
      },
      'leaking-application',
    ],
    [
      'uncounted before a node that is not Ready',
      { snapshot: heard('admitted', null), cluster: inCluster([pod('postgres')], notReady) },
      'unknown',
    ],
  ] as const)('%s', (_, parts, condition) => {
    expect(diagnose(facts(parts)).condition).toBe(condition);
  });
});
