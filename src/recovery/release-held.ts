import { z } from 'zod';
import type { Json } from '../journal/journal.ts';
import type { Change } from '../model/cluster-changes.ts';
import { formatWorkloadReference, type WorkloadReference } from '../model/workload-reference.ts';
import type { Standing, StepTools, Verified } from './step.ts';

/** What `hold-client` notes: `held` null, it was at 0 before, without an annotation, and is none of ours to release. */
export const heldSchema = z.object({ uid: z.string(), held: z.int().nonnegative().nullable() });

type Tools = Pick<StepTools, 'objects' | 'changes'>;

/** `note`: what `hold-client` noted of it; null where it never came to that. */
export async function checkRelease({ objects }: Tools, reference: WorkloadReference, note: Json): Promise<Standing> {
  const name = formatWorkloadReference(reference);
  if (isNoneOfOurs(note)) return { kind: 'acted', saw: `${name} was at 0 before, and is left alone` };
  const read = await objects.readWorkload(reference);
  if (!read.ok) return { kind: 'unknown', saw: `${name} cannot be read: ${read.reason}` };
  if (read.value === null) return { kind: 'blocked', saw: `${name} is gone: there is nothing to scale back` };
  const { heldReplicas, desired } = read.value;
  if (heldReplicas === null) return { kind: 'acted', saw: `${name} is not held, it is scaled to ${desired}` };
  if (heldReplicas === 'unreadable') return { kind: 'blocked', saw: describeUnreadable(name) };
  if (desired === 0) return { kind: 'ready', saw: `${name} is held at 0, and had ${heldReplicas}` };
  return {
    kind: 'ready',
    saw: `${name} was scaled to ${desired} by somebody else, and had ${heldReplicas}: that is left so, only the annotation goes`,
  };
}

/** What it acts on it reads itself: an undo has no note of its own. The change is refused where it is otherwise by then. */
export async function actRelease({ objects, changes }: Tools, reference: WorkloadReference): Promise<Change> {
  const read = await objects.readWorkload(reference);
  if (!read.ok) return { kind: 'refused', reason: `Nothing was done, as it cannot be read. ${read.reason}` };
  if (read.value === null) return { kind: 'refused', reason: 'Nothing was done, as it is gone.' };
  const { uid, heldReplicas, desired } = read.value;
  if (heldReplicas === null) return { kind: 'done' };
  if (heldReplicas === 'unreadable')
    return { kind: 'refused', reason: describeUnreadable(formatWorkloadReference(reference)) };
  return await changes.scale({
    reference,
    uid,
    from: desired,
    to: desired === 0 ? heldReplicas : desired,
    held: 'forget',
  });
}

/** Ready as many as it had; `letIn`: scaled back is enough, as without its database it may never be ready. */
export async function verifyRelease(
  { objects }: Tools,
  reference: WorkloadReference,
  note: Json,
  how: 'ready' | 'letIn' = 'ready',
): Promise<Verified> {
  const name = formatWorkloadReference(reference);
  if (isNoneOfOurs(note)) return { kind: 'holds', saw: `${name} was at 0 before, and is left alone` };
  const read = await objects.readWorkload(reference);
  if (!read.ok) return { kind: 'unknown', saw: `${name} cannot be read: ${read.reason}` };
  if (read.value === null) return { kind: 'failed', saw: `${name} is gone` };
  const { desired, ready, heldReplicas, rollout } = read.value;
  const had = heldSchema.safeParse(note).data?.held ?? 0;
  if (heldReplicas !== null) return { kind: 'waiting', saw: `${name} is still held` };
  if (desired === 0 && had > 0)
    return { kind: 'failed', saw: `${name} is at 0 and its annotation is gone: it had ${had}, scale it back by hand` };
  if (how === 'letIn') return { kind: 'holds', saw: `scaled to ${desired}, ${ready} ready` };
  if (!rollout.observed || ready < desired) return { kind: 'waiting', saw: `${ready} of ${desired} ready` };
  return { kind: 'holds', saw: `${ready} of ${desired} ready` };
}

export function describeUnreadable(name: string): string {
  return `the annotation breakwater.dev/held-replicas of ${name} is no number: correct it, or take it away, by hand`;
}

function isNoneOfOurs(note: Json): boolean {
  return heldSchema.safeParse(note).data?.held === null;
}
