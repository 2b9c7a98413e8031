import type { KubeObject } from '../api/object.ts';
import { isFinished, isReady, msUntilAvailable } from './pod-state.ts';
import { replicasOf } from './rollout.ts';
import { sooner } from './run-controller.ts';

export const REVISION_LABEL = 'controller-revision-hash';

export type StatefulStep =
  | { readonly act: 'create'; readonly ordinal: number }
  | { readonly act: 'delete'; readonly pod: KubeObject };

/**
 * What a StatefulSet does next to its pods: missing ones are made in order, superfluous ones taken from the end, old ones
 * replaced from the end; with OrderedReady one at a time, and only when all before it are ready. A name whose pod is still
 * Terminating is waited for, whatever the policy: two of one name would be two on one volume.
 */
export function decideStatefulSet(
  set: KubeObject,
  pods: readonly KubeObject[],
  updateRevision: string,
  now: number,
): readonly StatefulStep[] {
  const isOrdered = set.spec.podManagementPolicy !== 'Parallel';
  const byOrdinal = new Map(pods.map((pod) => [ordinalOf(set, pod), pod]));
  const isHealthy = (pod: KubeObject): boolean =>
    !isGoing(pod) && msUntilAvailable(pod, set.spec.minReadySeconds ?? 0, now) === 0;
  const first = Number(set.spec.ordinals?.start ?? 0);
  const end = first + replicasOf(set);
  const steps: StatefulStep[] = [];

  for (let ordinal = first; ordinal < end; ordinal += 1) {
    const pod = byOrdinal.get(ordinal);
    if (!pod) steps.push({ act: 'create', ordinal });
    else if (isFinished(pod) && !isGoing(pod)) steps.push({ act: 'delete', pod });
    else if (isHealthy(pod)) continue;
    if (isOrdered) return steps;
  }

  const fromTheEnd = [...byOrdinal].sort(([one], [other]) => other - one);
  for (const [ordinal, pod] of fromTheEnd) {
    if (ordinal >= first && ordinal < end) continue;
    if (!isGoing(pod)) steps.push({ act: 'delete', pod });
    if (isOrdered) return steps;
  }
  if (steps.length > 0 || set.spec.updateStrategy?.type === 'OnDelete') return steps;

  const partition = Number(set.spec.updateStrategy?.rollingUpdate?.partition ?? 0);
  for (const [ordinal, pod] of fromTheEnd) {
    if (ordinal < Math.max(first, partition)) break;
    if (!isGoing(pod) && revisionOf(pod) !== updateRevision) return [{ act: 'delete', pod }];
    if (!isHealthy(pod)) return [];
  }
  return [];
}

/** A StatefulSet's status, and milliseconds until a pod will have been ready long enough. */
export function summariseStatefulSet(
  set: KubeObject,
  pods: readonly KubeObject[],
  updateRevision: string,
  now: number,
): { readonly status: Readonly<Record<string, unknown>>; readonly again: number | null } {
  const before: string = set.status?.currentRevision ?? updateRevision;
  const there = pods.filter((pod) => !isGoing(pod));
  const waits = there.map((pod) => msUntilAvailable(pod, set.spec.minReadySeconds ?? 0, now));
  const ready = there.filter(isReady).length;
  const updated = there.filter((pod) => revisionOf(pod) === updateRevision).length;
  const isUpdated = updated === there.length && ready === there.length && there.length === replicasOf(set);
  const currentRevision = isUpdated ? updateRevision : before;
  const current = there.filter((pod) => revisionOf(pod) === currentRevision).length;
  return {
    status: {
      observedGeneration: set.metadata.generation,
      replicas: pods.length,
      ...(ready > 0 && { readyReplicas: ready }),
      ...(current > 0 && { currentReplicas: current }),
      ...(updated > 0 && { updatedReplicas: updated }),
      currentRevision,
      updateRevision,
      collisionCount: 0,
      availableReplicas: waits.filter((wait) => wait === 0).length,
    },
    again: waits.filter((wait) => wait !== 0).reduce(sooner, null),
  };
}

function ordinalOf(set: KubeObject, pod: KubeObject): number {
  return Number(pod.metadata.name.slice(set.metadata.name.length + 1));
}

function revisionOf(pod: KubeObject): string | undefined {
  return pod.metadata.labels?.[REVISION_LABEL];
}

function isGoing(pod: KubeObject): boolean {
  return pod.metadata.deletionTimestamp !== undefined;
}
