import type { Write } from '../http/hooks.ts';
import type { NewObject } from '../object.ts';
import { recordUpdate } from './managed-fields.ts';

/** The object with its `managedFields` after a write that is no apply: what the server fills in is the writer's too (golden 008). */
export function trackFields<T extends NewObject>(
  object: T,
  { type, before, fieldManager, subresource, now }: Write,
): T {
  const filled = structuredClone(object);
  if (subresource === null) {
    type.applyDefaults?.(filled);
    if (before === null || 'status' in before) delete filled['status'];
    if (before && 'status' in before) Object.assign(filled, { status: before['status'] });
  }
  const managedFields = [
    ...recordUpdate(type, { manager: fieldManager, subresource: subresource ?? '', now }, before, filled),
  ];
  // Nobody's first write is a write: what the cluster's own parts made and nobody changed has no owners.
  if (managedFields.length === 0) return object;
  return { ...object, metadata: { ...object.metadata, managedFields } };
}
