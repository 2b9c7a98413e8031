import type { Pod, PodContainer } from '../model/cluster.ts';
import type { ClusterEvent } from '../model/workload.ts';
import { describeMoment } from './describe-age.ts';

/** What is wrong with the pods of a workload; `words` name the pod, and are hostile. */
export interface Trouble {
  readonly kind: 'crash-loop' | 'multi-attach' | 'mount' | 'out-of-memory' | 'not-ready';
  readonly words: string;
  /** What the cluster says of it in its own words, hostile and long; null where `words` say it all. */
  readonly said: string | null;
  /** Not to be waited for. */
  readonly clear: boolean;
}

export interface TroubleLimits {
  /** From so long on a pod that is not ready is not just starting, milliseconds. */
  readonly notReadyMs: number;
  /** So long an out-of-memory kill counts, milliseconds. */
  readonly latelyMs: number;
}

/** The gravest trouble of pods of which `desired` should be ready; null where all is well. Pure. */
export function findTrouble(
  all: readonly Pod[],
  desired: number,
  events: readonly ClusterEvent[],
  now: number,
  limits: TroubleLimits,
): Trouble | null {
  const pods = all.filter(({ terminatingAt }) => terminatingAt === null);
  return (
    findCrashLoop(pods) ??
    findVolumeTrouble(pods, events) ??
    findOutOfMemory(pods, now, limits.latelyMs) ??
    findShortage(pods, desired, now, limits.notReadyMs)
  );
}

/**
 * One that came back after a crash is not yet well: without a readiness probe it counts as ready between two crashes. After
 * several it may run for minutes before the next; the kubelet too trusts it only after ten. Pure.
 */
export function isSettling(pods: readonly Pod[], now: number, { notReadyMs, latelyMs }: TroubleLimits): boolean {
  return pods.some(
    ({ terminatingAt, readySince, containers }) =>
      terminatingAt === null &&
      containers.some(
        ({ lastEnd, restarts }) =>
          lastEnd !== null &&
          (lastEnd.at === null || now - lastEnd.at < latelyMs) &&
          (restarts > 1 || readySince === null || now - readySince < notReadyMs),
      ),
  );
}

function findCrashLoop(pods: readonly Pod[]): Trouble | null {
  const found = findContainer(pods, ({ waiting }) => waiting === 'CrashLoopBackOff');
  if (found === null) return null;
  const { pod, container } = found;
  const last = container.lastEnd === null ? '' : `, last with ${describeEnd(container.lastEnd)}`;
  const words = `${pod.name} crashes again and again (CrashLoopBackOff, ${container.restarts} restarts${last})`;
  return { kind: 'crash-loop', words, said: null, clear: true };
}

/** What an event said counts as long as the pod has not come further: a Multi-Attach is told once (facts.md, volumes 4). */
function findVolumeTrouble(pods: readonly Pod[], events: readonly ClusterEvent[]): Trouble | null {
  for (const pod of pods) {
    if (pod.phase !== 'Pending') continue;
    const said = events.findLast(
      ({ about, reason, at }) => about === `Pod/${pod.name}` && VOLUME_REASONS.has(reason) && at >= pod.createdAt,
    );
    if (said === undefined) continue;
    const kind = said.reason === 'FailedMount' ? 'mount' : 'multi-attach';
    const what = kind === 'mount' ? 'cannot mount its volume' : 'cannot get its volume attached';
    return { kind, words: `${pod.name} ${what} (${said.reason})`, said: said.message, clear: true };
  }
  return null;
}

const VOLUME_REASONS: ReadonlySet<string> = new Set(['FailedMount', 'FailedAttachVolume']);

function findOutOfMemory(pods: readonly Pod[], now: number, latelyMs: number): Trouble | null {
  const found = findContainer(
    pods,
    ({ lastEnd }, pod) =>
      lastEnd?.reason === 'OOMKilled' && (lastEnd.at === null ? !pod.ready : now - lastEnd.at < latelyMs),
  );
  if (found === null) return null;
  const { pod, container } = found;
  const at = container.lastEnd?.at ?? null;
  const when = at === null ? '' : ` at ${describeMoment(at)}`;
  const since = pod.ready ? ', and is ready again' : ', and is not ready yet';
  return { kind: 'out-of-memory', words: `${pod.name} was OOMKilled${when}${since}`, said: null, clear: true };
}

/** Counted by pods, never by the workload's status, which forgets those that still go (data/kubernetes/README.md, 1). */
function findShortage(pods: readonly Pod[], desired: number, now: number, notReadyMs: number): Trouble | null {
  const unready = pods.filter(({ ready }) => !ready).toSorted((a, b) => sinceOf(a) - sinceOf(b));
  const readyCount = pods.length - unready.length;
  if (readyCount >= desired) return null;
  const count = `${readyCount} of ${desired} ${desired === 1 ? 'pod is' : 'pods are'} ready`;
  const [longest] = unready;
  if (longest === undefined)
    return { kind: 'not-ready', words: `${count}, and no other is there`, said: null, clear: false };
  const waiting = longest.containers.find((container) => container.waiting !== null)?.waiting ?? null;
  const why = waiting === null ? '' : `: ${waiting}`;
  const where = longest.node === null ? ', it is not scheduled' : '';
  const words = `${count}; ${longest.name} has not been since ${describeMoment(sinceOf(longest))}${where}${why}`;
  return { kind: 'not-ready', words, said: null, clear: now - sinceOf(longest) >= notReadyMs };
}

function sinceOf({ readySince, createdAt }: Pod): number {
  return readySince ?? createdAt;
}

function describeEnd({ reason, exitCode }: NonNullable<PodContainer['lastEnd']>): string {
  return exitCode === null ? reason : `${reason}, exit code ${exitCode}`;
}

function findContainer(
  pods: readonly Pod[],
  fits: (container: PodContainer, pod: Pod) => boolean,
): { readonly pod: Pod; readonly container: PodContainer } | null {
  for (const pod of pods) {
    const container = pod.containers.find((each) => fits(each, pod));
    if (container) return { pod, container };
  }
  return null;
}
