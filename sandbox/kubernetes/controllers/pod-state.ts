import type { KubeObject } from '../api/object.ts';

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly lastTransitionTime?: string;
  readonly lastHeartbeatTime?: string;
}

export function findCondition({ status }: Pick<KubeObject, 'status'>, type: string): Condition | null {
  return (status?.conditions as readonly Condition[] | undefined)?.find((condition) => condition.type === type) ?? null;
}

export function isReady(object: KubeObject): boolean {
  return findCondition(object, 'Ready')?.status === 'True';
}

/** Succeeded or Failed: nothing runs there any more, and nothing will. */
export function isFinished({ status }: KubeObject): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}

/** Whom a controller counts among its replicas: a pod that is Terminating is none, however long it still runs. */
export function isActive(pod: KubeObject): boolean {
  return pod.metadata.deletionTimestamp === undefined && !isFinished(pod);
}

export function isTerminating(pod: KubeObject): boolean {
  return pod.metadata.deletionTimestamp !== undefined && !isFinished(pod);
}

/** Milliseconds until it has been ready long enough: 0 when it has, null while it is not ready. */
export function msUntilAvailable(pod: KubeObject, minReadySeconds: number, now: number): number | null {
  const ready = findCondition(pod, 'Ready');
  if (ready?.status !== 'True') return null;
  if (minReadySeconds === 0) return 0;
  return Math.max(0, Date.parse(ready.lastTransitionTime ?? '') + minReadySeconds * 1_000 - now);
}
