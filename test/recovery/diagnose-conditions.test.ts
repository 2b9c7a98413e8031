import { describe, expect, it } from 'vitest';
import { NOBODY_TRIES } from '../../src/model/admission.ts';
import { seen, unseen } from '../../src/model/observed.ts';
import { diagnose } from '../../src/recovery/diagnose.ts';
import type { RecoveryFacts } from '../../src/recovery/facts.ts';
import { group, NOW, snapshot } from '../support/builders.ts';
import { detailedSessions } from '../support/detailed-session.ts';
import { clusterEvent, container, node, orphanGroup, orphanReport, POSTGRES, pod } from '../support/place-builders.ts';
import { facts, heard, inCluster, seenWorkload } from '../support/recovery-facts.ts';

const MINUTE_MS = 60_000;
const DOWN = heard('stopped', null);
const starved = clusterEvent({ reason: 'BackOff', message: 'FATAL: could not write: No space left on device' });
const looping = (reason: string) =>
  pod('postgres', {
    ready: false,
    containers: [
      container({ waiting: 'CrashLoopBackOff', restarts: 7, lastEnd: { reason, at: NOW - 30_000, exitCode: 1 } }),
    ],
  });
const going = pod('postgres', { name: 'postgres-old', terminatingAt: NOW + 20_000 });
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

/** What is seen, the condition, and the advice as `kind strategy target`. */
const CASES: readonly (readonly [string, Partial<RecoveryFacts>, string, string])[] = [
  ['clients get in and there is room', {}, 'healthy', 'nothing'],
  [
    'nobody tries, and there is room',
    { snapshot: snapshot([group({ count: 20 })], { admission: unseen(NOBODY_TRIES, NOW) }) },
    'healthy',
    'nothing',
  ],
  ['it starts up', { snapshot: heard('starting', null) }, 'starting', 'wait'],
  ['the disk is full, by an event', { snapshot: DOWN, events: seen([starved], NOW) }, 'out-of-disk', 'by-hand'],
  [
    'the disk was full an hour ago',
    { events: seen([{ ...starved, at: NOW - 55 * MINUTE_MS }], NOW) },
    'healthy',
    'nothing',
  ],
  [
    'the disk is full, in the server’s words',
    { snapshot: heard('unrecognised', null, { serverSaid: 'No space left on device' }) },
    'out-of-disk',
    'by-hand',
  ],
  [
    'it crashes again and again',
    { snapshot: DOWN, cluster: inCluster([looping('Error')]) },
    'crash-looping',
    'by-hand',
  ],
  [
    'it runs out of memory again and again',
    { snapshot: DOWN, cluster: inCluster([looping('OOMKilled')]) },
    'out-of-memory',
    'by-hand',
  ],
  [
    'it was OOMKilled just now',
    {
      snapshot: DOWN,
      cluster: inCluster([
        pod('postgres', {
          ready: false,
          containers: [container({ lastEnd: { reason: 'OOMKilled', at: NOW - 5_000, exitCode: 137 } })],
        }),
      ]),
    },
    'out-of-memory',
    'wait',
  ],
  [
    'it was OOMKilled and is back',
    {
      cluster: inCluster([
        pod('postgres', {
          containers: [container({ lastEnd: { reason: 'OOMKilled', at: NOW - 300_000, exitCode: 137 } })],
        }),
      ]),
    },
    'out-of-memory',
    'by-hand',
  ],
  [
    'its container has only just begun',
    { snapshot: DOWN, cluster: inCluster([pod('postgres', { ready: false, startedAt: NOW - 5_000 })]) },
    'starting',
    'wait',
  ],
  ['its pod is being made', { snapshot: DOWN, cluster: inCluster([pendingFor(10_000)]) }, 'starting', 'wait'],
  [
    'its pod is not made for minutes',
    { snapshot: DOWN, cluster: inCluster([pendingFor(5 * MINUTE_MS)]) },
    'pod-missing',
    'by-hand',
  ],
  [
    'its image cannot be pulled',
    { snapshot: DOWN, cluster: inCluster([pendingFor(10_000, 'ImagePullBackOff')]) },
    'pod-missing',
    'by-hand',
  ],
  ['it has no pod', { snapshot: DOWN, cluster: inCluster([]) }, 'pod-missing', 'by-hand'],
  [
    'it has no workload',
    { snapshot: DOWN, workload: { reference: POSTGRES, workload: seen(null, NOW) } },
    'pod-missing',
    'by-hand',
  ],
  [
    'a volume is attached elsewhere',
    { snapshot: DOWN, ...stuck, cluster: inCluster([pendingFor(5 * MINUTE_MS)]) },
    'volume-stuck',
    'recover remount null',
  ],
  [
    'a volume is still held by a pod that goes',
    { snapshot: DOWN, ...stuck, cluster: inCluster([pendingFor(5 * MINUTE_MS), going]) },
    'volume-stuck',
    'wait',
  ],
  [
    'a volume is not mounted at once',
    { snapshot: DOWN, ...stuck, cluster: inCluster([pendingFor(60_000)]) },
    'volume-stuck',
    'wait',
  ],
  [
    'only an older pod of it could not mount',
    {
      snapshot: DOWN,
      cluster: inCluster([pendingFor(5 * MINUTE_MS)]),
      events: seen([clusterEvent({ at: NOW - 10 * MINUTE_MS })], NOW),
    },
    'pod-missing',
    'by-hand',
  ],
  [
    'it was OOMKilled an hour ago',
    {
      cluster: inCluster([
        pod('postgres', {
          containers: [container({ lastEnd: { reason: 'OOMKilled', at: NOW - 60 * MINUTE_MS, exitCode: 137 } })],
        }),
      ]),
    },
    'healthy',
    'nothing',
  ],
  [
    'it shuts down, scaled to 0, and sessions hold it up',
    {
      snapshot: heard('shutting-down'),
      sessions: seen(detailedSessions(20), NOW + 1),
      workload: seenWorkload(POSTGRES, { desired: 0 }),
    },
    'shutting-down',
    'by-hand',
  ],
  [
    'its pod is Terminating',
    { snapshot: heard('shutting-down'), cluster: inCluster([going]) },
    'shutting-down',
    'wait',
  ],
  [
    'it shuts down, and no session answers',
    { snapshot: heard('shutting-down', null), sessions: unseen('closed', NOW) },
    'shutting-down',
    'wait',
  ],
  [
    'it shuts down, and sessions hold it up',
    { snapshot: heard('shutting-down'), sessions: seen(detailedSessions(20), NOW + 1) },
    'shutting-down',
    'recover restart null',
  ],
  [
    'it shuts down, and the sessions were seen before',
    { snapshot: heard('shutting-down'), sessions: seen(detailedSessions(20), NOW - 1) },
    'shutting-down',
    'wait',
  ],
  ['it and its sessions hang', { snapshot: heard('frozen', null) }, 'hung', 'recover restart null'],
  [
    'it hangs out of sight of the cluster',
    { snapshot: heard('frozen', null), cluster: unseen('403', NOW) },
    'hung',
    'by-hand',
  ],
  [
    'it hangs and nobody sees its workload',
    { snapshot: heard('frozen', null), workload: { reference: POSTGRES, workload: unseen('403', NOW) } },
    'hung',
    'by-hand',
  ],
  [
    'it hangs where no cluster is',
    { snapshot: heard('frozen', null), cluster: null, workload: null },
    'hung',
    'by-hand',
  ],
  [
    'it hangs on a node that the cluster does not list',
    { snapshot: heard('frozen', null), cluster: inCluster([pod('postgres')], { nodes: [] }) },
    'hung',
    'by-hand',
  ],
  [
    'it hangs, and could not mount its volume when it started',
    { snapshot: heard('frozen', null), events: seen([clusterEvent()], NOW) },
    'hung',
    'recover restart null',
  ],
  ['the password is wrong', { snapshot: heard('auth-refused') }, 'misconfigured', 'by-hand'],
  ['the name is wrong', { snapshot: heard('no-such-database', null) }, 'misconfigured', 'by-hand'],
  ['TLS fails', { snapshot: heard('tls-failed', null) }, 'misconfigured', 'by-hand'],
  ['it is a read-only standby', { snapshot: heard('read-only') }, 'misconfigured', 'by-hand'],
  ['the canary has a limit of its own', { snapshot: heard('role-limit') }, 'misconfigured', 'by-hand'],
  ['the network gives no way', { snapshot: heard('unreachable', null) }, 'unreachable', 'by-hand'],
  ['nothing listens, and its pod is ready', { snapshot: DOWN }, 'unreachable', 'by-hand'],
  ['it says what nobody knows', { snapshot: heard('unrecognised') }, 'unknown', 'by-hand'],
  [
    'the node is not Ready, and clients get in',
    { cluster: inCluster([pod('postgres')], notReady) },
    'node-not-ready',
    'wait',
  ],
  [
    'the node is not Ready, nobody says since when',
    {
      snapshot: heard('frozen', null),
      cluster: inCluster([pod('postgres')], { nodes: [node({ ready: 'Unknown', readySince: null })] }),
    },
    'node-not-ready',
    'wait',
  ],
  [
    'orphaned sessions pile up',
    { orphans: seen(orphanReport([orphanGroup({ count: 10 })]), NOW) },
    'orphaned-sessions',
    'recover kill-stale null',
  ],
];

describe('a diagnosis', () => {
  it.each(CASES)('when %s', (_, parts, condition, advice) => {
    expect(tell(facts(parts))).toEqual([condition, advice]);
  });
});

function tell(given: RecoveryFacts): readonly [string, string] {
  const { condition, advice } = diagnose(given);
  return [condition, advice.kind === 'recover' ? `recover ${advice.strategy} ${advice.target}` : advice.kind];
}
