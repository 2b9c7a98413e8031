import type { KubeObject } from '../api/object.ts';
import { isActive, isReady, isTerminating, msUntilAvailable } from './pod-state.ts';
import { sooner } from './run-controller.ts';

export interface ReplicaPlan {
  readonly create: number;
  readonly remove: readonly KubeObject[];
}

/** How many pods are missing, or which are too many. Terminating ones do not count: their replacements come beside them. */
export function decideReplicas(pods: readonly KubeObject[], replicas: number): ReplicaPlan {
  const active = pods.filter(isActive);
  const excess = active.length - replicas;
  if (excess <= 0) return { create: -excess, remove: [] };
  return { create: 0, remove: active.sort(leastWorthFirst).slice(0, excess) };
}

/** A ReplicaSet's status, and milliseconds until a pod will have been ready long enough to count as available. */
export function summariseReplicas(
  replicaSet: KubeObject,
  pods: readonly KubeObject[],
  now: number,
): { readonly status: Readonly<Record<string, unknown>>; readonly again: number | null } {
  const active = pods.filter(isActive);
  const labels = Object.entries((replicaSet.spec.template.metadata?.labels ?? {}) as Record<string, string>);
  const waits = active.map((pod) => msUntilAvailable(pod, replicaSet.spec.minReadySeconds ?? 0, now));
  const fullyLabeled = active.filter((pod) => labels.every(([key, value]) => pod.metadata.labels?.[key] === value));
  const ready = active.filter(isReady).length;
  const available = waits.filter((wait) => wait === 0).length;
  return {
    status: {
      replicas: active.length,
      ...(fullyLabeled.length > 0 && { fullyLabeledReplicas: fullyLabeled.length }),
      ...(ready > 0 && { readyReplicas: ready }),
      ...(available > 0 && { availableReplicas: available }),
      terminatingReplicas: pods.filter(isTerminating).length,
      observedGeneration: replicaSet.metadata.generation,
    },
    again: waits.filter((wait) => wait !== 0).reduce(sooner, null),
  };
}

/** As the real one ranks them: without a node, pending, not ready, cheap to delete, then the newest. */
function leastWorthFirst(one: KubeObject, other: KubeObject): number {
  const ofOne = rank(one);
  const ofOther = rank(other);
  const differs = ofOne.findIndex((value, at) => value !== ofOther[at]);
  return differs === -1 ? 0 : (ofOne[differs] ?? 0) - (ofOther[differs] ?? 0);
}

function rank(pod: KubeObject): readonly number[] {
  return [
    pod.spec.nodeName ? 1 : 0,
    pod.status?.phase === 'Running' ? 1 : 0,
    isReady(pod) ? 1 : 0,
    Number(pod.metadata.annotations?.['controller.kubernetes.io/pod-deletion-cost'] ?? 0),
    -Date.parse(pod.metadata.creationTimestamp),
  ];
}
