import { z } from 'zod';
import type { ClusterState, Pod } from '../model/cluster.ts';
import type { Storage, Workload } from '../model/workload.ts';
import type { WorkloadReference } from '../model/workload-reference.ts';

// Types by zod: they are notes of steps, and stand in the journal as JSON.

/** What the old server was before it was stopped: the note of `stop-server`. Names are hostile text. */
export type ServerTrace = z.infer<typeof serverTraceSchema>;
export const serverTraceSchema = z.object({
  /** Of the workload. */
  uid: z.string(),
  replicas: z.int().positive(),
  pods: z.array(z.object({ uid: z.string(), name: z.string(), node: z.string() })).min(1),
  /** Where its processes may be: under the pods, and wherever the volume was attached. */
  nodes: z.array(z.string()).min(1),
  /** As `node.status.volumesInUse` names it. */
  volume: z.string(),
  /** Epoch milliseconds. */
  at: z.number(),
});

/** The Leases of the nodes after the pods were seen gone, by each node's own clock: the note of `prove-stopped`. */
export type LeasesBefore = z.infer<typeof leasesBeforeSchema>;
export const leasesBeforeSchema = z.object({ leases: z.record(z.string(), z.number().nullable()), at: z.number() });

/** The ids of the two steps whose notes others read. */
export const STOP_SERVER = 'stop-server';
export const PROVE_STOPPED = 'prove-stopped';

/**
 * Every pod that the workload made or that mounts the claim, whatever its phase: a Failed one may have been given up by the
 * node controller, and its process live on.
 */
export function findServerPods(
  reference: WorkloadReference,
  claim: WorkloadReference,
  { pods }: Pick<ClusterState, 'pods'>,
): readonly Pod[] {
  return pods.filter((pod) => isOwnedBy(reference, pod) || mounts(claim, pod));
}

/** What is still there of a server that was stopped: the pods that were noted, and whatever came since. */
export function findLeftPods(
  reference: WorkloadReference,
  claim: WorkloadReference,
  trace: Pick<ServerTrace, 'pods'>,
  state: Pick<ClusterState, 'pods'>,
): readonly Pod[] {
  const noted = new Set(trace.pods.map(({ uid }) => uid));
  const server = new Set(findServerPods(reference, claim, state));
  return state.pods.filter((pod) => noted.has(pod.uid) || server.has(pod));
}

/** Its pods, Terminating and ended ones too. */
export function findOwnPods(reference: WorkloadReference, { pods }: Pick<ClusterState, 'pods'>): readonly Pod[] {
  return pods.filter((pod) => isOwnedBy(reference, pod));
}

export function isOwnedBy({ namespace, kind, name }: WorkloadReference, pod: Pod): boolean {
  return pod.namespace === namespace && pod.owner?.name === name && pod.owner.kind.toLowerCase() === kind;
}

export function mounts({ namespace, name }: WorkloadReference, pod: Pod): boolean {
  return pod.namespace === namespace && pod.claims.includes(name);
}

export function mountsClaim({ namespace, name }: WorkloadReference, { reference, claims }: Workload): boolean {
  return reference.namespace === namespace && claims.includes(name);
}

/** As in `kubernetes.io/csi/linodebs.csi.linode.com^123-pvc`; null for a volume that is no CSI driver's, or none. */
export function nameInUse(volume: Storage['volume']): string | null {
  if (!volume || volume.driver === null || volume.handle === null) return null;
  return `kubernetes.io/csi/${volume.driver}^${volume.handle}`;
}

/** `postgres-1 (Terminating), postgres-2`, five at most. Names are hostile text. */
export function listPods(pods: readonly Pick<Pod, 'name' | 'phase' | 'terminatingAt'>[]): string {
  const words = pods.slice(0, 5).map(({ name, phase, terminatingAt }) => {
    const state = terminatingAt !== null ? 'Terminating' : phase === 'Running' ? null : phase;
    return state === null ? name : `${name} (${state})`;
  });
  return [...words, ...(pods.length > 5 ? [`${pods.length - 5} more`] : [])].join(', ');
}
