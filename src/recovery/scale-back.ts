import { z } from 'zod';
import type { Json } from '../journal/journal.ts';
import type { Change, ScaleChange } from '../model/cluster-changes.ts';
import type { Workload } from '../model/workload.ts';
import { formatWorkloadReference, type WorkloadReference } from '../model/workload-reference.ts';
import type { Standing, StepTools } from './step.ts';

/** What was noted before a workload was stopped: what it had, and who must go. */
const stoppedSchema = z.object({ uid: z.string(), replicas: z.int().positive(), pods: z.array(z.string()) });
export type Stopped = z.infer<typeof stoppedSchema>;

export function readStopped(note: Json): Stopped | null {
  const parsed = stoppedSchema.safeParse(note);
  return parsed.success ? parsed.data : null;
}

/** What is to be done to give a workload its replicas back. */
export type ScaleBack =
  | { readonly kind: 'back'; readonly saw: string }
  | { readonly kind: 'due'; readonly saw: string; readonly change: ScaleChange }
  | { readonly kind: 'stuck'; readonly saw: string };

/** The annotation counts before the note: it stands at the object, where people see and mend it. Pure. */
export function planScaleBack(
  reference: WorkloadReference,
  workload: Workload | null,
  stopped: Stopped | null,
): ScaleBack {
  const name = formatWorkloadReference(reference);
  if (workload === null) return { kind: 'stuck', saw: `${name} is not in the cluster any more: apply its manifest` };
  const { desired, uid, heldReplicas } = workload;
  if (desired > 0) {
    const left = heldReplicas === null ? '' : ', and still bears breakwater.dev/held-replicas: take that away by hand';
    return { kind: 'back', saw: `${name} has ${desired} replicas${left}` };
  }
  if (stopped !== null && stopped.uid !== uid)
    return { kind: 'stuck', saw: `${name} was made anew, with 0 replicas: scale it by hand` };
  const remembered = typeof heldReplicas === 'number' && heldReplicas > 0 ? heldReplicas : null;
  const to = remembered ?? stopped?.replicas ?? null;
  if (to === null) return { kind: 'stuck', saw: `nobody remembers how many replicas ${name} had: scale it by hand` };
  const held = typeof heldReplicas === 'number' ? 'forget' : 'leave';
  return { kind: 'due', saw: `${name} has 0 replicas, and had ${to}`, change: { reference, uid, from: 0, to, held } };
}

/** Reads the workload, and says how it stands; `acted` where it has replicas. */
export async function checkScaleBack(
  tools: Pick<StepTools, 'objects'>,
  reference: WorkloadReference,
  stopped: Stopped | null,
): Promise<Standing> {
  const next = await lookBack(tools, reference, stopped);
  if (next.kind === 'unseen') return { kind: 'unknown', saw: next.saw };
  const kind = { back: 'acted', due: 'ready', stuck: 'blocked' } as const;
  return { kind: kind[next.kind], saw: next.saw };
}

/** Gives the replicas back that it had; done where it has some. */
export async function scaleBack(
  tools: Pick<StepTools, 'objects' | 'changes'>,
  reference: WorkloadReference,
  stopped: Stopped | null,
): Promise<Change> {
  const next = await lookBack(tools, reference, stopped);
  if (next.kind === 'back') return { kind: 'done' };
  return next.kind === 'due'
    ? tools.changes.scale(next.change)
    : { kind: 'refused', reason: `Nothing was done: ${next.saw}` };
}

async function lookBack(
  tools: Pick<StepTools, 'objects'>,
  reference: WorkloadReference,
  stopped: Stopped | null,
): Promise<ScaleBack | { readonly kind: 'unseen'; readonly saw: string }> {
  const found = await tools.objects.readWorkload(reference);
  if (found.ok) return planScaleBack(reference, found.value, stopped);
  return { kind: 'unseen', saw: `${formatWorkloadReference(reference)} cannot be read: ${found.reason}` };
}
