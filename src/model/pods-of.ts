import { type ClusterNode, type ClusterState, isTerminal, type Pod } from './cluster.ts';
import { type Observed, seen, unseen } from './observed.ts';
import type { WorkloadReference } from './workload-reference.ts';

/** The pods of one workload by their owner, Terminating ones too; those that take no more part are left out. Pure. */
export function podsOf({ namespace, kind, name }: WorkloadReference, { pods }: ClusterState): readonly Pod[] {
  return pods.filter(
    (pod) =>
      pod.owner?.name === name &&
      pod.namespace === namespace &&
      pod.owner.kind.toLowerCase() === kind &&
      !isTerminal(pod),
  );
}

/**
 * The node under the pod that was scheduled last. One that is not Ready comes first as long as a pod is left there: the dead
 * node holds the volume, however well the one is where the next pod waits for it. Null where none is scheduled, unseen where no such node is left. Pure.
 */
export function nodeUnder(
  pods: readonly Pod[],
  { nodes }: Pick<ClusterState, 'nodes'>,
  at: number,
): Observed<ClusterNode | null> {
  const pod = newestScheduled(pods);
  if (pod === null) return seen(null, at);
  const under = nodes.filter(({ name }) => pods.some((each) => each.node === name));
  const node = under.find(({ ready }) => ready !== 'True') ?? under.find(({ name }) => name === pod.node);
  return node ? seen(node, at) : unseen(`the cluster has no node ${pod.node} (any more), under ${pod.name}`, at);
}

/** The pod that was scheduled last; null where none is. */
export function newestScheduled(pods: readonly Pod[]): Pod | null {
  const scheduled = pods.filter(({ node }) => node !== null);
  return scheduled.toSorted((a, b) => scheduledAt(b) - scheduledAt(a))[0] ?? null;
}

function scheduledAt({ scheduledAt: at, createdAt }: Pod): number {
  return at ?? createdAt;
}
