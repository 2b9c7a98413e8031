import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ProofGround, proveServerGone } from '../../src/recovery/prove-server-gone.ts';
import { findServerPods } from '../../src/recovery/server-trace.ts';
import { NOW } from '../support/builders.ts';
import { CLAIM, clusterState, node, POSTGRES, pod, SITE, storage, workload } from '../support/place-builders.ts';
import { VOLUME } from './fake-ground.ts';

/** All that a proof wants. */
function ground(parts: Partial<ProofGround> = {}): ProofGround {
  return {
    reference: POSTGRES,
    claim: CLAIM,
    trace: {
      uid: 'uid-postgres',
      replicas: 1,
      pods: [{ uid: 'uid-postgres-1', name: 'postgres-1', node: 'node-1' }],
      nodes: ['node-1'],
      volume: VOLUME,
      at: NOW,
    },
    before: { leases: { 'node-1': NOW }, at: NOW },
    workload: workload(POSTGRES, { desired: 0, heldReplicas: 1 }),
    state: clusterState({ pods: [pod('site')] }),
    storage: storage(),
    leases: { 'node-1': NOW + 10_000 },
    ...parts,
  };
}

describe('the proof that the old server is gone', () => {
  it('holds with its pods gone, its node Ready with a Lease renewed since, and its volume in use nowhere', () => {
    expect(proveServerGone(ground())).toEqual({
      kind: 'proven',
      saw: 'postgres-1 gone; node-1 Ready with a Lease renewed since; the volume is in use nowhere',
    });
  });

  const server = pod('postgres', { name: 'postgres-1' });
  it.each<[string, Partial<ProofGround>, RegExp]>([
    [
      'a noted pod is Terminating',
      { state: clusterState({ pods: [{ ...server, terminatingAt: NOW }] }) },
      /postgres-1 \(Terminating\)/,
    ],
    [
      'a noted pod lives on without its owner',
      { state: clusterState({ pods: [{ ...server, owner: null }] }) },
      /still there: postgres-1/,
    ],
    [
      'a noted pod has Failed',
      { state: clusterState({ pods: [{ ...server, phase: 'Failed' }] }) },
      /postgres-1 \(Failed\)/,
    ],
    [
      'another pod of the workload is there',
      { state: clusterState({ pods: [pod('postgres', { name: 'postgres-2' })] }) },
      /postgres-2/,
    ],
    [
      'a pod of another workload mounts the claim',
      { state: clusterState({ pods: [pod('debug', { claims: [CLAIM.name] })] }) },
      /debug-6f7d-abcde/,
    ],
    ['the node is not Ready', { state: clusterState({ nodes: [node({ ready: 'False' })] }) }, /node-1 is not Ready/],
    [
      'the node is Unknown',
      { state: clusterState({ nodes: [node({ ready: 'Unknown', readyReason: 'NodeStatusUnknown' })] }) },
      /Ready=Unknown \(NodeStatusUnknown\)/,
    ],
    ['the Lease is the one that was noted', { leases: { 'node-1': NOW } }, /has not renewed its Lease/],
    ['the Lease is gone', { leases: { 'node-1': null } }, /has not renewed its Lease/],
    [
      'the volume is in use on its node',
      { state: clusterState({ nodes: [node({ volumesInUse: [VOLUME] })] }) },
      /in use on node-1/,
    ],
    [
      'the volume is in use on a node that nobody noted',
      { state: clusterState({ nodes: [node(), node({ name: 'node-2', volumesInUse: [VOLUME] })] }) },
      /in use on node-2/,
    ],
  ])('is not there yet where %s', (_, parts, saw) => {
    const proof = proveServerGone(ground(parts));
    expect(proof.kind).toBe('not-yet');
    expect(proof.saw).toMatch(saw);
  });

  const elsewhere = { name: 'csi-2', node: 'node-2', attached: true, detaching: false, error: null };
  it.each<[string, Partial<ProofGround>, RegExp]>([
    ['no pod was noted', { trace: { ...ground().trace, pods: [] } }, /nobody saw the old server/],
    [
      'no node was noted',
      { trace: { ...ground().trace, nodes: [] }, storage: storage({ attachments: [] }) },
      /nobody saw the old server/,
    ],
    ['the workload is gone', { workload: null }, /is gone/],
    ['the workload was made anew', { workload: workload(POSTGRES, { desired: 0, uid: 'other' }) }, /made anew/],
    ['somebody scaled the workload up', { workload: workload(POSTGRES, { desired: 1 }) }, /scaled to 1/],
    ['the claim is gone', { storage: null }, /claim postgres-storage is gone/],
    ['the claim has lost its volume', { storage: storage({ volume: null }) }, /none of a CSI driver now/],
    ['the node has left the cluster', { state: clusterState({ nodes: [] }) }, /node-1 has left the cluster/],
    ['no Lease was noted', { before: { leases: {}, at: NOW } }, /Retry looks anew/],
    ['there was no Lease to note', { before: { leases: { 'node-1': null }, at: NOW } }, /Retry looks anew/],
    [
      'the volume was attached elsewhere since',
      {
        storage: storage({ attachments: [elsewhere] }),
        state: clusterState({ nodes: [node(), node({ name: 'node-2' })] }),
      },
      /node-2/,
    ],
  ])('never comes where %s', (_, parts, saw) => {
    const proof = proveServerGone(ground(parts));
    expect(proof.kind).toBe('never');
    expect(proof.saw).toMatch(saw);
  });

  it('is never there while a pod of the server is, a Lease is old, a node is not Ready, or the volume is in use', () => {
    const uids = fc.constantFrom('uid-postgres-1', 'uid-other', 'uid-third');
    const pods = fc.record({
      uid: uids,
      owned: fc.constantFrom('postgres', 'site', 'debug'),
      claims: fc.constantFrom([], [CLAIM.name], ['another']),
      phase: fc.constantFrom('Running', 'Pending', 'Failed', 'Succeeded', 'Unknown'),
      terminatingAt: fc.constantFrom(null, NOW),
      namespace: fc.constantFrom('default', 'other'),
      node: fc.constantFrom(null, 'node-1', 'node-2'),
    });
    const nodes = fc.uniqueArray(
      fc.record({
        name: fc.constantFrom('node-1', 'node-2', 'node-3'),
        ready: fc.constantFrom('True', 'True', 'True', 'False', 'Unknown'),
        volumesInUse: fc.constantFrom([], [], [], ['another'], [VOLUME]),
      }),
      { selector: ({ name }) => name, maxLength: 3 },
    );
    const lease = fc.constantFrom(null, NOW - 1, NOW, NOW + 1, NOW + 10);
    const leases = fc.dictionary(fc.constantFrom('node-1', 'node-2', 'node-3'), lease);
    const attachments = fc.array(fc.constantFrom('node-1', 'node-2'), { maxLength: 2 });
    let proven = 0;
    fc.assert(
      fc.property(
        fc.array(pods, { maxLength: 3 }),
        nodes,
        leases,
        leases,
        attachments,
        (givenPods, givenNodes, before, now, attached) => {
          const state = clusterState({
            pods: givenPods.map(({ owned, ...parts }) => pod(owned, parts as never)),
            nodes: givenNodes.map((each) => node(each as never)),
          });
          const asked = ground({
            state,
            before: { leases: before, at: NOW },
            leases: now,
            storage: storage({
              attachments: attached.map((name) => ({
                name,
                node: name,
                attached: true,
                detaching: false,
                error: null,
              })),
            }),
          });
          if (proveServerGone(asked).kind !== 'proven') return;
          proven += 1;
          expect(findServerPods(POSTGRES, CLAIM, state)).toEqual([]);
          expect(state.pods.map(({ uid }) => uid)).not.toContain('uid-postgres-1');
          expect(state.nodes.filter(({ volumesInUse }) => volumesInUse.includes(VOLUME))).toEqual([]);
          for (const name of new Set(['node-1', ...attached])) {
            expect(state.nodes.find((each) => each.name === name)?.ready).toBe('True');
            expect(now[name]).toBeGreaterThan(before[name] ?? Number.POSITIVE_INFINITY);
          }
        },
      ),
      { numRuns: 20_000 },
    );
    expect(proven).toBeGreaterThan(20);
  });

  it('names no workload that is another one', () => {
    const elsewhere = pod('postgres', { namespace: 'other', claims: [CLAIM.name] });
    expect(findServerPods(POSTGRES, CLAIM, { pods: [pod(SITE.name), elsewhere] })).toEqual([]);
  });
});
