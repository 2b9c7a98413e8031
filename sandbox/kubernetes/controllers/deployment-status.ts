import type { KubeObject } from '../api/object.ts';
import { replicasOf, resolveRollingUpdate, splitReplicaSets, sumReplicas, sumStatus } from './rollout.ts';
import { type Condition, setCondition } from './set-condition.ts';
import { timeStamp } from './time-stamp.ts';

type Status = Readonly<Record<string, unknown>> & { readonly conditions: readonly Condition[] };

/** A Deployment's status from its ReplicaSets', and milliseconds until it runs out of time for progress, or null. */
export function summariseDeployment(
  deployment: KubeObject,
  sets: readonly KubeObject[],
  now: number,
): { readonly status: Status; readonly again: number | null } {
  const { newest } = splitReplicaSets(deployment, sets);
  const replicas = sumStatus(sets, 'replicas');
  const updated = sumStatus([newest], 'replicas');
  const ready = sumStatus(sets, 'readyReplicas');
  const available = sumStatus(sets, 'availableReplicas');
  const unavailable = Math.max(0, sumReplicas(sets) - available);
  const wanted = replicasOf(deployment);
  const isComplete =
    updated === wanted &&
    replicas === wanted &&
    available === wanted &&
    Number(deployment.status?.observedGeneration ?? 0) >= Number(deployment.metadata.generation);
  const counts = {
    ...(replicas > 0 && { replicas }),
    ...(updated > 0 && { updatedReplicas: updated }),
    ...(ready > 0 && { readyReplicas: ready }),
    ...(available > 0 && { availableReplicas: available }),
    ...(unavailable > 0 && { unavailableReplicas: unavailable }),
  };
  const isEnough = available >= wanted - resolveRollingUpdate(deployment).unavailable;
  const withAvailable = setCondition((deployment.status?.conditions ?? []) as readonly Condition[], {
    type: 'Available',
    status: isEnough ? 'True' : 'False',
    reason: isEnough ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
    message: `Deployment ${isEnough ? 'has' : 'does not have'} minimum availability.`,
    at: timeStamp(now),
  });
  const { conditions, again } = judgeProgress(deployment, newest, withAvailable, { ...counts, isComplete, now });
  return {
    status: {
      observedGeneration: deployment.metadata.generation,
      ...counts,
      terminatingReplicas: sumStatus(sets, 'terminatingReplicas'),
      conditions,
    },
    again,
  };
}

interface Progress {
  readonly replicas?: number;
  readonly updatedReplicas?: number;
  readonly readyReplicas?: number;
  readonly availableReplicas?: number;
  readonly isComplete: boolean;
  readonly now: number;
}

function judgeProgress(
  deployment: KubeObject,
  newest: KubeObject | null,
  conditions: readonly Condition[],
  progress: Progress,
): { readonly conditions: readonly Condition[]; readonly again: number | null } {
  const { now, isComplete } = progress;
  const before = conditions.find(({ type }) => type === 'Progressing');
  const { paused, progressDeadlineSeconds = 600 } = deployment.spec;
  const tell = (status: Condition['status'], reason: string, message: string, from = conditions) =>
    setCondition(from, { type: 'Progressing', status, reason, message, at: timeStamp(now) });
  if (paused === true) return { conditions: tell('Unknown', 'DeploymentPaused', 'Deployment is paused'), again: null };
  if (before?.reason === 'DeploymentPaused')
    return { conditions: tell('Unknown', 'DeploymentResumed', 'Deployment is resumed'), again: 0 };
  const subject = newest ? `ReplicaSet "${newest.metadata.name}"` : `Deployment "${deployment.metadata.name}"`;
  // What was complete stays so while only `replicas` changes: the rollout is over.
  const isOver = before?.reason === 'NewReplicaSetAvailable' && progress.replicas === progress.updatedReplicas;
  if (isOver) return { conditions, again: null };
  if (isComplete)
    return {
      conditions: tell('True', 'NewReplicaSetAvailable', `${subject} has successfully progressed.`),
      again: null,
    };
  if (hasProgressed(deployment, progress)) {
    // Said anew, so that the deadline counts from here; true since it first was.
    const others = conditions.filter(({ type }) => type !== 'Progressing');
    const [told] = tell('True', 'ReplicaSetUpdated', `${subject} is progressing.`, []);
    const since = before?.status === 'True' ? { lastTransitionTime: before.lastTransitionTime } : {};
    return {
      conditions: told ? [...others, { ...told, ...since }] : others,
      again: progressDeadlineSeconds * 1_000,
    };
  }
  if (!before || before.reason === 'ProgressDeadlineExceeded' || before.reason === 'NewReplicaSetAvailable')
    return { conditions, again: null };
  const left = Date.parse(before.lastUpdateTime) + progressDeadlineSeconds * 1_000 - now;
  if (left > 0) return { conditions, again: left };
  return {
    conditions: tell('False', 'ProgressDeadlineExceeded', `${subject} has timed out progressing.`),
    again: null,
  };
}

function hasProgressed({ status: before = {} }: KubeObject, after: Progress): boolean {
  const count = (value: unknown): number => Number(value ?? 0);
  const oldReplicas = count(before.replicas) - count(before.updatedReplicas);
  return (
    count(after.updatedReplicas) > count(before.updatedReplicas) ||
    count(after.replicas) - count(after.updatedReplicas) < oldReplicas ||
    count(after.readyReplicas) > count(before.readyReplicas) ||
    count(after.availableReplicas) > count(before.availableReplicas)
  );
}
