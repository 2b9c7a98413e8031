import type { Pod } from '../../model/cluster.ts';
import { formatDuration } from '../../model/duration.ts';
import { formatWorkloadReference } from '../../model/workload-reference.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { type Signs, timeOf } from '../signs.ts';

/** An image is pulled, a volume attached, the server started within it. */
const COMES_UP_MS = 2 * 60_000;

/** PostgreSQL has no workload, no pod, or one that has not started: what a start waits for, another start waits for too. */
export function findPodMissing(signs: Signs): Diagnosis | null {
  const { facts, pods } = signs;
  const asked = facts.workload;
  if (asked === null || !asked.workload.ok || pods === null) return null;
  const name = formatWorkloadReference(asked.reference);
  if (asked.workload.value === null) {
    return byHand(`${name} does not exist`, [
      'Find out who deleted it, and apply its manifest again; or correct its name in the configuration.',
      'Before it starts, see that no pod is left that mounts the volume: two servers on one data directory lose data.',
    ]);
  }
  const { desired } = asked.workload.value;
  if (desired > 0 && pods.length === 0) {
    return byHand(`${name} wants ${desired} ${desired === 1 ? 'pod' : 'pods'}, and has none`, [
      'See why none is made: kubectl describe of the workload, and of its newest ReplicaSet (quotas, admission, a paused rollout).',
    ]);
  }
  const pending = pods.find(({ phase, terminatingAt }) => phase === 'Pending' && terminatingAt === null);
  return pending === undefined ? findComingBack(signs) : judgePending(pending, facts.at);
}

function judgePending(pod: Pod, at: number): Diagnosis {
  const waiting = pod.containers.find((container) => container.waiting !== null)?.waiting ?? null;
  const forMs = Math.max(0, at - (pod.scheduledAt ?? pod.createdAt));
  const where = pod.node === null ? 'is not scheduled to any node' : `has not started on ${pod.node}`;
  const headline = `${pod.name} ${where} for ${formatDuration(forMs)}${waiting === null ? '' : ` (${waiting})`}`;
  if (forMs < COMES_UP_MS && !/BackOff|^Err|Invalid/.test(waiting ?? '')) return comingUp('starting', headline, []);
  return byHand(headline, [
    pod.node === null
      ? 'See what it asks for and no node has: kubectl describe of the pod (memory, CPU, taints, the zone of its volume).'
      : 'See what it waits for: kubectl describe of the pod (its image, its volume, a Secret or a ConfigMap).',
  ]);
}

/** The container has ended or only just begun, and nothing listens yet: the kubelet starts it by itself. */
function findComingBack({ pods, verdict, facts }: Signs): Diagnosis | null {
  if (verdict !== 'stopped' && verdict !== 'unreachable' && verdict !== null) return null;
  for (const pod of pods ?? []) {
    if (pod.terminatingAt !== null) continue;
    const ends = pod.containers.flatMap(({ lastEnd }) => (lastEnd === null ? [] : [lastEnd]));
    for (const { at, reason } of ends) {
      if (at === null || facts.at - at >= COMES_UP_MS) continue;
      const killed = reason === 'OOMKilled';
      const headline = `${pod.name} ended with ${reason} at ${timeOf(at)}, and is not back yet`;
      return comingUp(killed ? 'out-of-memory' : 'starting', headline, killed ? [MORE_MEMORY] : []);
    }
    const forMs = Math.max(0, facts.at - (pod.startedAt ?? pod.createdAt));
    if (!pod.ready && forMs < COMES_UP_MS)
      return comingUp('starting', `${pod.name} began ${formatDuration(forMs)} ago, and is not ready yet`, []);
  }
  return null;
}

const MORE_MEMORY = 'Afterwards give it more memory, or fewer connections and less work_mem.';

function comingUp(condition: 'starting' | 'out-of-memory', headline: string, reasons: readonly string[]): Diagnosis {
  return {
    condition,
    headline,
    advice: { kind: 'wait', until: 'until it is ready; look again in 1 min with /db status' },
    reasons: [
      'Kubernetes starts it by itself, and PostgreSQL recovers from its log.',
      'Not `restart`, nor anything harsher: it would begin that again.',
      ...reasons,
    ],
  };
}

function byHand(headline: string, todo: readonly string[]): Diagnosis {
  return {
    condition: 'pod-missing',
    headline,
    advice: { kind: 'by-hand', todo },
    reasons: [
      'No rung fits: each begins with ending a server that runs, and what keeps this one from starting would keep the next one too.',
    ],
  };
}
