import type { Workload } from '../model/workload.ts';
import { formatWorkloadReference } from '../model/workload-reference.ts';

/** Why a workload cannot be restarted or stopped now, and what to do about it; null: it can. Pure. */
export function findFault(workload: Workload): string | null {
  const { reference, desired, paused, heldReplicas, managers } = workload;
  const name = formatWorkloadReference(reference);
  const on = `kubectl -n ${reference.namespace}`;
  const object = `${reference.kind}/${reference.name}`;
  const operator = managers.find((manager) => !isGitOps(manager));
  if (operator !== undefined)
    return `${name} belongs to ${operator}, which would undo what is done to it: restart it there.`;
  if (!['deployment', 'statefulset'].includes(reference.kind))
    return `${name} is neither a Deployment nor a StatefulSet: restart it by hand.`;
  if (heldReplicas !== null)
    return `${name} still bears breakwater.dev/held-replicas (${heldReplicas}), from another recovery. End that one; where there is none: ${on} annotate ${object} breakwater.dev/held-replicas-`;
  if (desired === 0) return `${name} has 0 replicas: it holds nothing that a restart would free.`;
  if (paused) return `The rollouts of ${name} are paused: ${on} rollout resume ${object}`;
  return null;
}

/** Whoever may put an object back as it stands in a repository: worth a warning, as a restart is no change that they know. Pure. */
export function isGitOps(manager: string): boolean {
  return /^(Argo CD|Flux|Helm)( \(|$)/.test(manager);
}
