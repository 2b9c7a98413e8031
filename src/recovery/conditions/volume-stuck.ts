import type { Pod } from '../../model/cluster.ts';
import { formatDuration } from '../../model/duration.ts';
import type { ClusterEvent } from '../../model/workload.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { type Signs, timeOf } from '../signs.ts';

const REASONS: ReadonlySet<string> = new Set(['FailedMount', 'FailedAttachVolume']);
/** The kubelet tries a mount again for so long before it says that it timed out (facts.md, volumes 4: a Multi-Attach is told once). */
const TRIES_FOR_MS = 2 * 60_000;

/** The pod waits for its volume: it cannot be mounted, or is attached elsewhere. */
export function findVolumeStuck({ pods, facts }: Signs): Diagnosis | null {
  if (pods === null || !facts.events?.ok) return null;
  const waiting = pods.find(
    (pod) => pod.phase === 'Pending' && pod.terminatingAt === null && eventOf(pod, facts.events) !== null,
  );
  const event = waiting && eventOf(waiting, facts.events);
  if (!waiting || !event) return null;
  const { at } = facts;
  const forMs = Math.max(0, at - (waiting.scheduledAt ?? waiting.createdAt));
  const going = pods.find(({ terminatingAt }) => terminatingAt !== null && at < terminatingAt + TRIES_FOR_MS);
  const headline = `${waiting.name} has waited ${formatDuration(forMs)} for its volume (${event.reason}): “${event.message}”`;
  const where = describeAttachments(facts.storage);
  if (going !== undefined || forMs < TRIES_FOR_MS) {
    const holder = going?.terminatingAt ?? null;
    return {
      condition: 'volume-stuck',
      headline,
      advice: { kind: 'wait', until: 'until the volume is mounted; look again in 1 min' },
      reasons: [
        ...where,
        ...(going === undefined || holder === null
          ? ['The kubelet tries again by itself.']
          : [
              `${going.name} on ${going.node ?? 'no node'} still holds it and is Terminating; its grace ends at ${timeOf(holder)}.`,
            ]),
        'Not `restart`: a new pod would wait for the same volume.',
      ],
    };
  }
  return {
    condition: 'volume-stuck',
    headline,
    advice: { kind: 'recover', strategy: 'remount', target: null },
    reasons: [
      ...where,
      'Not `restart`: a new pod would wait for the same volume.',
      'Not `recreate` before that: the workload itself is as it should be.',
      BY_HAND,
    ],
  };
}

/** Rung 5 comes later: told, so that nobody looks for its button. */
const BY_HAND =
  '`remount` (rung 5) is not available in this version: by hand, scale PostgreSQL to 0, wait until its pods are gone and the volume is attached nowhere, at the provider too, and only then scale it back.';

function eventOf(pod: Pod, events: Signs['facts']['events']): ClusterEvent | null {
  if (!events?.ok) return null;
  const found = events.value.findLast(
    ({ about, reason, at }) => about === `Pod/${pod.name}` && REASONS.has(reason) && at >= pod.createdAt,
  );
  return found ?? null;
}

function describeAttachments(storage: Signs['facts']['storage']): readonly string[] {
  if (storage === null) return [];
  if (!storage.ok) return [`Where the volume is attached is unknown: ${storage.reason}.`];
  const attachments = storage.value?.attachments ?? [];
  if (attachments.length === 0) return ['Kubernetes says that the volume is attached nowhere.'];
  return attachments.map(({ node, attached, detaching, error }) => {
    const state = detaching ? 'is being detached from' : attached ? 'is attached to' : 'is to be attached to';
    return `The volume ${state} ${node}${error === null ? '' : `: “${error}”`}.`;
  });
}
