import { describe, expect, it } from 'vitest';
import type { ClusterState } from '../../src/model/cluster.ts';
import { decideOwnership, type OwnedSession } from '../../src/model/decide-ownership.ts';
import { indexCluster } from '../../src/model/index-cluster.ts';
import { seen, unseen } from '../../src/model/observed.ts';
import type { ClusterLook } from '../../src/model/orphan.ts';
import { NOW } from '../support/builders.ts';
import { clusterLook, clusterState, node, pod, vanishedPod } from '../support/cluster-look.ts';
import { detailedSession } from '../support/detailed-session.ts';
import { container } from '../support/place-builders.ts';

const MINUTE = 60_000;

/** A session that began so long ago, by both of its times. */
function began(agoMs: number, address: string | null = '10.2.0.5'): OwnedSession {
  const backendStart = new Date(NOW - agoMs).toISOString().replace('T', ' ').replace('Z', '001+00');
  return { address, backendStart, ageMs: agoMs };
}

function decide(
  state: Partial<ClusterState>,
  session: OwnedSession = began(120 * MINUTE),
  look: Partial<ClusterLook> = {},
) {
  return decideOwnership(session, indexCluster(clusterLook(state, look)), NOW);
}

describe('a session is orphaned', () => {
  it('when no living pod has its address; the pod that went is named', () => {
    expect(decide({})).toEqual({
      kind: 'orphaned',
      pod: vanishedPod(),
      strange: false,
      words: 'pod site-6f-q8w7e of revision 41 vanished 38 min ago',
    });
  });

  it.each([
    ['False', 'node-1', 'node-1'],
    ['Unknown', 'node-1', 'node-1'],
    ['True', 'node-1', undefined],
    ['Unknown', 'node-2', undefined],
    ['Unknown', null, undefined],
  ] as const)('and may still be used where a node is Ready=%s and its pod was on %s', (ready, where, mayRunOn) => {
    const decided = decide({ nodes: [node({ ready })], vanished: [vanishedPod({ node: where })] });
    expect(decided).toMatchObject({ kind: 'orphaned' });
    expect('mayRunOn' in decided ? decided.mayRunOn : undefined).toBe(mayRunOn);
    expect(decided.words.endsWith('; it may still run, node node-1 is not Ready')).toBe(mayRunOn !== undefined);
  });

  it('when its pod lives on with another address', () => {
    expect(decide({ vanished: [vanishedPod({ livesOn: true })] })).toMatchObject({
      kind: 'orphaned',
      words: 'pod site-6f-q8w7e of revision 41 left 10.2.0.5 38 min ago',
    });
  });

  it('when its pod went before anybody watched', () => {
    expect(decide({ vanished: [], watchedSince: NOW - 82 * MINUTE })).toEqual({
      kind: 'orphaned',
      pod: null,
      strange: false,
      words: 'no pod has 10.2.0.5; it went before 12:02 UTC, further back than Breakwater remembers',
    });
  });

  it.each(['Succeeded', 'Failed'] as const)('when the pod at its address has ended: %s', (phase) => {
    const over = pod({ name: 'job-1', addresses: ['10.2.0.5'], phase, owner: null });
    const words = `pod job-1, which had 10.2.0.5, has ended: ${phase}`;
    expect(decide({ pods: [pod(), over], vanished: [] })).toEqual({
      kind: 'orphaned',
      pod: null,
      strange: false,
      words,
    });
  });

  it('from an address that is written another way', () => {
    expect(decide({}, began(120 * MINUTE, '::ffff:10.2.0.5')).kind).toBe('orphaned');
  });

  it('of the pod that went first after it began, where several had its address', () => {
    const earlier = vanishedPod({ name: 'earlier', vanishedAt: NOW - 130 * MINUTE });
    const later = vanishedPod({ name: 'later', vanishedAt: NOW - 10 * MINUTE });
    expect(decide({ vanished: [earlier, vanishedPod(), later] })).toMatchObject({ pod: { name: 'site-6f-q8w7e' } });
  });
});

describe('a session is of a living pod', () => {
  const at = (parts: Parameters<typeof pod>[0]) => [pod(), pod({ name: 'back', addresses: ['10.2.0.5'], ...parts })];

  it.each([
    ['Running', {}],
    ['Pending', { phase: 'Pending' }],
    ['Unknown', { phase: 'Unknown' }],
    ['Terminating', { terminatingAt: NOW - 60 * MINUTE }],
    ['without an owner', { owner: null }],
    ['by its second address', { addresses: ['fd00::5', '10.2.0.5'] }],
    ['by an address in IPv6', { addresses: ['::ffff:10.2.0.5'] }],
  ] as const)('that is %s', (_, parts) => {
    expect(decide({ pods: at(parts) }).kind).toBe('live');
  });

  it.each([
    ['clearly', 119 * MINUTE, 'reused'],
    ['by no more than clocks differ', 120 * MINUTE - 4_000, 'live'],
  ])('unless it is older, %s', (_, startedMsAgo, kind) => {
    expect(decide({ pods: at({ startedAt: NOW - startedMsAgo }) }).kind).toBe(kind);
    expect(decide({ pods: at({ startedAt: null, scheduledAt: NOW - startedMsAgo }) }).kind).toBe(kind);
    const unborn = { startedAt: null, scheduledAt: null, createdAt: NOW - startedMsAgo };
    expect(decide({ pods: at(unborn) }).kind).toBe(kind);
  });

  it('says why it is never selected though it is older', () => {
    expect(decide({ pods: at({ startedAt: NOW - MINUTE }) })).toMatchObject({
      words: 'address reused: it is older than pod back of revision 42, which has 10.2.0.5 now',
    });
  });
});

describe('a session is from elsewhere', () => {
  it.each<[string, string | null, Partial<ClusterState>, Partial<ClusterLook>]>([
    ['a local socket', null, {}, {}],
    ['outside podCidrs', '10.9.0.5', {}, {}],
    ['a node', '10.2.0.5', { nodes: [node({ addresses: ['192.168.0.1', '10.2.0.5'] })] }, {}],
    ["a node's network itself", '10.2.7.0', { nodes: [node({ podCidrs: ['10.2.7.0/24'] })] }, {}],
    [
      "the bridge, first in a node's network",
      '10.2.7.1',
      { nodes: [node({ podCidrs: ['fd00::/64', '10.2.7.0/24'] })] },
      {},
    ],
    ['a tunnel', '10.2.0.5', { nodes: [node({ tunnelAddresses: ['10.2.0.5'] })] }, {}],
    [
      'a tunnel with the length of its network',
      '10.2.0.5',
      { nodes: [node({ tunnelAddresses: ['10.2.0.5/16'] })] },
      {},
    ],
    ['excludeAddresses', '10.2.0.5', {}, { excludeAddresses: ['10.2.0.5'] }],
    [
      "a pod with its node's address",
      '10.2.0.5',
      { pods: [pod(), pod({ name: 'proxy', hostNetwork: true, addresses: ['10.2.0.5'] })] },
      {},
    ],
    [
      'such a pod that has ended',
      '10.2.0.5',
      { pods: [pod(), pod({ name: 'proxy', hostNetwork: true, phase: 'Failed', addresses: ['10.2.0.5'] })] },
      {},
    ],
  ])('%s', (_, address, state, look) => {
    expect(decide(state, began(120 * MINUTE, address), look).kind).toBe('elsewhere');
  });
});

describe('a session of no pod that is known (product.md §6: orphaned all the same, and said)', () => {
  it('is nobody where it began after the last pod with its address went, as a process that outlives it does', () => {
    expect(decide({}, began(37 * MINUTE))).toMatchObject({
      kind: 'orphaned',
      pod: { name: vanishedPod().name },
      strange: true,
    });
    expect(decide({}, began(120 * MINUTE))).toMatchObject({ kind: 'orphaned', strange: false });
  });

  it.each([
    ['after Breakwater watched', 119 * MINUTE, true],
    ['when it began to, as clocks go,', 120 * MINUTE + 4_000, true],
    ['before Breakwater watched', 121 * MINUTE, false],
  ])('is nobody where it began %s, and no pod was seen with its address', (_, beganMsAgo, strange) => {
    const state = { vanished: [], watchedSince: NOW - 120 * MINUTE };
    expect(decide(state, began(beganMsAgo))).toMatchObject({ kind: 'orphaned', pod: null, strange });
  });

  it.each([
    ['after', NOW - 130 * MINUTE, true],
    ['before', NOW - 110 * MINUTE, false],
    ['at the time when, as clocks go,', NOW - 120 * MINUTE - 4_000, false],
    ['who knows when', null, false],
  ])('is nobody where it began %s the pod that has ended, and has its address still, did', (_, at, strange) => {
    const main = container({ lastEnd: { reason: 'Completed', at: NOW - 140 * MINUTE, exitCode: 0 } });
    const last = container({ lastEnd: { reason: 'Completed', at, exitCode: 0 } });
    const over = pod({ name: 'job-1', addresses: ['10.2.0.5'], phase: 'Succeeded', containers: [main, last] });
    expect(decide({ pods: [pod(), over], vanished: [] })).toMatchObject({ kind: 'orphaned', strange });
  });
});

describe('whose a session is stays unknown', () => {
  it.each<[string, RegExp, Partial<ClusterLook>]>([
    ['the pods are not seen', /not seen: refused/, { state: unseen('refused', NOW) }],
    [
      'the pods were listed before the sessions',
      /listed before the sessions/,
      { state: seen(clusterState(), NOW - 1) },
    ],
    ['no networks are configured', /no pod networks are configured/, { podCidrs: [] }],
    ['one of the networks cannot be read', /cannot be read/, { podCidrs: ['10.2.0.0/16', 'ours'] }],
    [
      'no living pod is in the networks',
      /none of its pods has an address in .*pod default\/site-7a-x2x4z has 10.2.0.6/,
      { podCidrs: ['10.2.0.4/31'] },
    ],
    ['no pod has an address', /lists no pod that has an address/, { state: seen(clusterState({ pods: [] }), NOW) }],
  ])('where %s', (_, words, look) => {
    expect(decide({}, undefined, look)).toMatchObject({ kind: 'unknown', words: expect.stringMatching(words) });
  });

  it.each([[{ addresses: ['10.2.0.5', 'odd'] }], [{ tunnelAddresses: ['odd'] }], [{ podCidrs: ['odd'] }]])(
    'where a node has what cannot be read: %j',
    (parts) => {
      expect(decide({ nodes: [node(parts)] })).toMatchObject({
        kind: 'unknown',
        words: expect.stringMatching(/node-1 .*odd/),
      });
    },
  );

  it.each<[string, OwnedSession]>([
    ['its address cannot be read', began(120 * MINUTE, 'odd')],
    ['it has a zone', began(120 * MINUTE, 'fe80::1%eth0')],
    ['its age is not known', { ...began(120 * MINUTE), ageMs: null }],
    ['its age is no number', { ...began(120 * MINUTE), ageMs: Number.NaN }],
    ['its start is not known', { ...began(120 * MINUTE), backendStart: '' }],
    ['its start is not in UTC', { ...began(120 * MINUTE), backendStart: '2020-12-11 11:24:00.001000+02' }],
    ['its start and its age contradict each other', { ...began(120 * MINUTE), ageMs: 119 * MINUTE }],
  ])('where %s', (_, session) => {
    expect(decide({}, session).kind).toBe('unknown');
  });

  it.each([
    ['both', began(MINUTE - 1)],
    ['its age', { ...began(MINUTE), ageMs: MINUTE - 1 }],
    ['its start', { ...began(MINUTE - 1), ageMs: MINUTE }],
  ])('where it is younger than a minute by %s', (_, session) => {
    const words = expect.stringMatching(/^connected for .* only$/);
    const justGone = { vanished: [vanishedPod({ vanishedAt: NOW - 1_000 })] };
    expect(decide(justGone, session)).toEqual({ kind: 'unknown', words });
    expect(decide(justGone, began(MINUTE)).kind).toBe('orphaned');
  });

  it('where several pods have its address', () => {
    const pods = [pod({ addresses: ['10.2.0.5'] }), pod({ name: 'other', addresses: ['10.2.0.5'] })];
    expect(decide({ pods })).toMatchObject({ kind: 'unknown', words: '10.2.0.5 is the address of several pods' });
  });

  it.each([
    ['began after', 130 * MINUTE, 'unknown'],
    ['began at the same time as, as clocks go,', 120 * MINUTE - 4_000, 'unknown'],
    ['is older than', 119 * MINUTE, 'orphaned'],
  ])('where it %s a pod was scheduled that has no address yet', (_, scheduledMsAgo, kind) => {
    const waiting = { name: 'new', phase: 'Pending', addresses: [], startedAt: null } as const;
    const scheduled = { ...waiting, scheduledAt: NOW - scheduledMsAgo };
    expect(decide({ pods: [pod(), pod(scheduled)] }).kind).toBe(kind);
    expect(decide({ pods: [pod(), pod({ ...scheduled, addresses: ['odd'] })] }).kind).toBe(kind);
    expect(decide({ pods: [pod(), pod({ ...scheduled, terminatingAt: NOW })] }).kind).toBe(kind);
    const untold = { ...waiting, scheduledAt: null, createdAt: NOW - scheduledMsAgo };
    expect(decide({ pods: [pod(), pod(untold)] }).kind).toBe(kind);
  });

  it('for the longest waiting pod, not for one that is over or not scheduled', () => {
    const waiting = { phase: 'Pending', addresses: [], startedAt: null, scheduledAt: NOW - 130 * MINUTE } as const;
    expect(decide({ pods: [pod(), pod({ ...waiting, phase: 'Failed' })] }).kind).toBe('orphaned');
    expect(decide({ pods: [pod(), pod({ ...waiting, node: null, scheduledAt: null })] }).kind).toBe('orphaned');
    const later = pod({ ...waiting, name: 'later', scheduledAt: NOW - MINUTE });
    expect(decide({ pods: [pod(), later, pod({ ...waiting, name: 'first' }), later] })).toMatchObject({
      words: expect.stringContaining('pod first of revision 42'),
    });
  });
});

it('a session of exactly one minute may be orphaned', () => {
  const went = vanishedPod({ vanishedAt: NOW - 1_000 });
  expect(decide({ vanished: [went] }, began(MINUTE)).kind).toBe('orphaned');
});

it('a session as builders make it began at one time by both of its clocks', () => {
  expect(decide({}, detailedSession()).kind).toBe('orphaned');
});
