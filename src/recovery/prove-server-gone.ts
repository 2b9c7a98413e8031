import type { ClusterNode, ClusterState } from '../model/cluster.ts';
import type { Storage, Workload } from '../model/workload.ts';
import { formatWorkloadReference, type WorkloadReference } from '../model/workload-reference.ts';
import { findLeftPods, type LeasesBefore, listPods, nameInUse, type ServerTrace } from './server-trace.ts';

/** All that the proof hangs on, read freshly. */
export interface ProofGround {
  readonly reference: WorkloadReference;
  readonly claim: WorkloadReference;
  readonly trace: ServerTrace;
  readonly before: LeasesBefore;
  readonly workload: Workload | null;
  readonly state: ClusterState;
  readonly storage: Storage | null;
  readonly leases: LeasesBefore['leases'];
}

export type Proof =
  | { readonly kind: 'proven'; readonly saw: string }
  /** It may come to be: what is missing. */
  | { readonly kind: 'not-yet'; readonly saw: string }
  /** It will not by waiting: why, and what to do. */
  | { readonly kind: 'never'; readonly saw: string };

/**
 * Whether nothing of the old server can still write into its data directory (product.md §7): pods and not status, as status
 * tells 0 while the old pod is Terminating (README of the golden answers, 1); nodes that live and say so; no volume in use. Pure.
 */
export function proveServerGone(ground: ProofGround): Proof {
  const never = findNever(ground);
  if (never !== null) return { kind: 'never', saw: never };
  const onNodes = nodesOf(ground).flatMap((node) => findOnNode(ground, node));
  const missing = [...findPods(ground), ...onNodes, ...findInUse(ground)];
  if (missing.length > 0) return { kind: 'not-yet', saw: missing.join('; ') };
  const { trace } = ground;
  return {
    kind: 'proven',
    saw: `${trace.pods.map(({ name }) => name).join(', ')} gone; ${nodesOf(ground).join(', ')} Ready with a Lease renewed since; the volume is in use nowhere`,
  };
}

/** Where anything of it may be: also where the volume has turned up since. */
export function nodesOf({ trace, storage }: Pick<ProofGround, 'trace' | 'storage'>): readonly string[] {
  return [...new Set([...trace.nodes, ...(storage?.attachments ?? []).map(({ node }) => node)])];
}

function findNever({ reference, claim, trace, before, workload, storage, state }: ProofGround): string | null {
  const name = formatWorkloadReference(reference);
  if (trace.pods.length === 0 || trace.nodes.length === 0) return 'nobody saw the old server before it was stopped';
  if (workload === null) return `${name} is gone`;
  if (workload.uid !== trace.uid) return `${name} was made anew since it was stopped: plan again`;
  if (workload.desired !== 0)
    return `${name} was scaled to ${workload.desired} by somebody else: a server may be starting there`;
  if (storage === null) return `the claim ${claim.name} is gone`;
  const volume = nameInUse(storage.volume);
  if (volume !== trace.volume)
    return `the claim ${claim.name} had the volume ${trace.volume}, and has ${volume ?? 'none of a CSI driver'} now`;
  for (const node of nodesOf({ trace, storage })) {
    if (!state.nodes.some((each) => each.name === node))
      return `the node ${node} has left the cluster, and what became of a server on it nobody can tell`;
    if (typeof before.leases[node] !== 'number')
      return `the Lease of the node ${node} was not known when the pods were gone: Retry looks anew`;
  }
  return null;
}

function findPods({ reference, claim, trace, state }: ProofGround): readonly string[] {
  const left = findLeftPods(reference, claim, trace, state);
  return left.length === 0 ? [] : [`still there: ${listPods(left)}`];
}

function findOnNode({ before, leases, state }: ProofGround, name: string): readonly string[] {
  const nodes = state.nodes.filter((each) => each.name === name);
  const renewed = leases[name] ?? null;
  const was = before.leases[name] ?? null;
  return [
    ...nodes.filter(({ ready }) => ready !== 'True').map(describeNotReady),
    ...(renewed === null || was === null || renewed <= was
      ? [`the kubelet of ${name} has not renewed its Lease since the pods were gone`]
      : []),
  ];
}

function describeNotReady({ name, ready, readyReason }: ClusterNode): string {
  const reason = readyReason === '' ? '' : ` (${readyReason})`;
  return `the node ${name} is ${ready === 'False' ? 'not Ready' : 'Ready=Unknown'}${reason}, which proves nothing`;
}

/** On any node: a pod that nobody noted may have carried it there. A kubelet mounts nothing before it has reported it in use. */
function findInUse({ state, trace }: ProofGround): readonly string[] {
  return state.nodes
    .filter(({ volumesInUse }) => volumesInUse.includes(trace.volume))
    .map(({ name }) => `the volume is still in use on ${name}`);
}
