import type { KubeObject } from '../api/object.ts';
import { isReady } from './pod-state.ts';
import { timeStamp } from './time-stamp.ts';

export const TRACKING = 'batch.kubernetes.io/job-tracking';
const BACKOFF_MS = { first: 10_000, longest: 600_000 };

export interface JobPlan {
  readonly create: number;
  /** Pods that run on although nobody needs them. */
  readonly remove: readonly KubeObject[];
  /** Ended pods that are in the status now: their finalizer may go. */
  readonly counted: readonly KubeObject[];
  readonly status: Readonly<Record<string, unknown>>;
  /** What ended with this step, for an Event. */
  readonly ended: { readonly reason: string; readonly message: string; readonly isFailure: boolean } | null;
  readonly again: number | null;
}

interface JobCondition {
  readonly type: string;
  readonly status: string;
}

/** What a Job does next: each ended pod is counted once, failures are tried again ever later, until it is over. */
export function decideJob(job: KubeObject, pods: readonly KubeObject[], now: number): JobPlan {
  const { parallelism = 1, backoffLimit = 6, suspend = false, activeDeadlineSeconds } = job.spec;
  const completions: number | undefined = job.spec.completions ?? (job.spec.parallelism === undefined ? 1 : undefined);
  const before = job.status ?? {};
  const conditions: readonly JobCondition[] = before.conditions ?? [];
  const uncounted = pods.filter((pod) => isOver(pod) && pod.metadata.finalizers?.includes(TRACKING) === true);
  const succeeded = Number(before.succeeded ?? 0) + uncounted.filter(hasSucceeded).length;
  const failed = Number(before.failed ?? 0) + uncounted.filter((pod) => !hasSucceeded(pod)).length;
  const running = pods.filter((pod) => !isOver(pod));
  const active = running.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const startTime: string | undefined = before.startTime ?? (suspend ? undefined : timeStamp(now));
  const wasOver = isJobFinished(job);

  const verdict = conditions.some(({ type }) => type === 'Complete' || type === 'Failed') ? null : judge();
  const isEnding = wasOver || verdict !== null;
  const needed = completions === undefined ? parallelism : Math.max(0, completions - succeeded);
  const wanted = isEnding || suspend ? 0 : Math.min(parallelism, needed);
  const wait = failed === 0 ? 0 : backoffLeft(pods, failed, now);
  const missing = Math.max(0, wanted - active.length);
  const create = wait > 0 ? 0 : missing;
  const remove = active.slice(0, Math.max(0, active.length - wanted));
  const activeAfter = active.length - remove.length + create;
  const terminating = isEnding ? 0 : running.length - active.length + remove.length;
  const ready = isEnding ? 0 : active.filter(isReady).length;
  const deadline =
    activeDeadlineSeconds !== undefined && startTime && !isEnding
      ? Date.parse(startTime) + activeDeadlineSeconds * 1_000 - now
      : null;

  return {
    create,
    remove,
    counted: uncounted,
    ended: verdict,
    again: missing > 0 && wait > 0 ? wait : deadline,
    status: {
      ...((verdict || conditions.length > 0) && { conditions: [...conditions, ...(verdict?.conditions ?? [])] }),
      ...(startTime && { startTime }),
      ...(before.completionTime && { completionTime: before.completionTime }),
      ...(verdict && !verdict.isFailure && { completionTime: timeStamp(now) }),
      ...(activeAfter > 0 && { active: activeAfter }),
      ...(succeeded > 0 && { succeeded }),
      ...(failed > 0 && { failed }),
      terminating,
      uncountedTerminatedPods: {},
      ready,
    },
  };

  function judge() {
    const restarts = job.spec.template.spec.restartPolicy === 'OnFailure' ? countRestarts(running) : 0;
    const late =
      activeDeadlineSeconds !== undefined &&
      startTime !== undefined &&
      now >= Date.parse(startTime) + activeDeadlineSeconds * 1_000;
    if (failed + restarts > backoffLimit)
      return over('FailureTarget', 'Failed', 'BackoffLimitExceeded', 'Job has reached the specified backoff limit');
    if (late)
      return over('FailureTarget', 'Failed', 'DeadlineExceeded', 'Job was active longer than specified deadline');
    const isEnough = completions === undefined ? succeeded > 0 && active.length === 0 : succeeded >= completions;
    if (!isEnough) return null;
    const message = 'Reached expected number of succeeded pods';
    return over('SuccessCriteriaMet', 'Complete', 'CompletionsReached', message);
  }

  function over(first: string, last: string, reason: string, message: string) {
    const at = timeStamp(now);
    const conditionOf = (type: string) => ({
      type,
      status: 'True',
      lastProbeTime: at,
      lastTransitionTime: at,
      reason,
      message,
    });
    return { isFailure: last === 'Failed', reason, message, conditions: [conditionOf(first), conditionOf(last)] };
  }
}

/** Which condition says that a Job is over, or null while it is not. */
export function jobVerdict({ status }: KubeObject): 'Complete' | 'Failed' | null {
  const conditions = (status?.conditions ?? []) as readonly JobCondition[];
  const holds = (type: string): boolean => conditions.some((one) => one.type === type && one.status === 'True');
  if (holds('Complete')) return 'Complete';
  return holds('Failed') ? 'Failed' : null;
}

export function isJobFinished(job: KubeObject): boolean {
  return jobVerdict(job) !== null;
}

function hasSucceeded(pod: KubeObject): boolean {
  return pod.status?.phase === 'Succeeded';
}

/** Ended, or deleted and released by its kubelet: only its finalizer is left. */
function isOver({ status, metadata }: KubeObject): boolean {
  if (status?.phase === 'Succeeded' || status?.phase === 'Failed') return true;
  return metadata.deletionTimestamp !== undefined && metadata.deletionGracePeriodSeconds === 0;
}

function backoffLeft(pods: readonly KubeObject[], failed: number, now: number): number {
  const ends = pods.filter((pod) => isOver(pod) && !hasSucceeded(pod)).map((pod) => endOf(pod));
  const last = Math.max(0, ...ends);
  return last + Math.min(BACKOFF_MS.first * 2 ** (failed - 1), BACKOFF_MS.longest) - now;
}

function endOf({ status, metadata }: KubeObject): number {
  const statuses: readonly { state?: { terminated?: { finishedAt?: string } } }[] = status?.containerStatuses ?? [];
  const ends = statuses.map(({ state }) => Date.parse(state?.terminated?.finishedAt ?? '')).filter(Number.isFinite);
  return ends.length > 0 ? Math.max(...ends) : Date.parse(metadata.deletionTimestamp ?? metadata.creationTimestamp);
}

function countRestarts(pods: readonly KubeObject[]): number {
  return pods
    .flatMap(({ status }) => (status?.containerStatuses ?? []) as readonly { restartCount?: number }[])
    .reduce((sum, { restartCount = 0 }) => sum + restartCount, 0);
}
