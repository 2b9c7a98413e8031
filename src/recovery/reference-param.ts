import { z } from 'zod';
import {
  formatWorkloadReference,
  parseWorkloadReference,
  type WorkloadReference,
} from '../model/workload-reference.ts';

/** A reference stands in a plan as `namespace/kind/name`, and comes to a step taken apart. */
export const referenceParam = z.string().transform((text, context): WorkloadReference => {
  const parsed = parseWorkloadReference(text);
  if (parsed !== null) return parsed;
  context.addIssue({ code: 'custom', message: 'is no namespace/kind/name' });
  return z.NEVER;
});

/** The id of a step that is there once per object; later steps find its note by it. */
export function stepIdOf(kind: string, reference: WorkloadReference): string {
  return `${kind}:${formatWorkloadReference(reference)}`;
}

export function isSame(a: WorkloadReference, b: WorkloadReference): boolean {
  return formatWorkloadReference(a) === formatWorkloadReference(b);
}
