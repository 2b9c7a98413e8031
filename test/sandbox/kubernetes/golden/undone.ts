import type { KubeObject } from '../../../../sandbox/kubernetes/api/object.ts';
import { type Exchange, isRecord } from './recording.ts';

/**
 * The object as it must have been before this exchange, as far as that shows in the answer; null where it already is so.
 * `present` is what there is of it.
 */
export function undone({ request }: Exchange, after: KubeObject, present: KubeObject | null): KubeObject | null {
  const before = present ?? null;
  if (request.method === 'DELETE') return before ? withControllers(before, after) : undeleted(after);
  return before && !request.path.endsWith('/status') ? withControllers(before, after) : null;
}

/** Of a deletion. */
export function undeleted(after: KubeObject): KubeObject {
  const object = structuredClone(after);
  const { metadata } = object;
  const finalizers = metadata.finalizers?.filter(
    (finalizer) => finalizer !== 'foregroundDeletion' && finalizer !== 'orphan',
  );
  delete metadata.deletionTimestamp;
  delete metadata.deletionGracePeriodSeconds;
  delete metadata.finalizers;
  if (finalizers && finalizers.length > 0) metadata.finalizers = finalizers;
  if (metadata.generation !== undefined) metadata.generation -= 1;
  metadata.resourceVersion = String(Number(metadata.resourceVersion) - 1);
  return object;
}

function withControllers(before: KubeObject, after: KubeObject): KubeObject | null {
  const object = structuredClone(before);
  delete object.metadata.managedFields;
  if (after.status !== undefined) object.status = structuredClone(after.status);
  const notes = Object.entries(after.metadata.annotations ?? {}).filter(([name]) =>
    name.startsWith('deployment.kubernetes.io/'),
  );
  if (notes.length > 0) object.metadata.annotations = { ...object.metadata.annotations, ...Object.fromEntries(notes) };
  const same =
    JSON.stringify([before.status, before.metadata.annotations]) ===
    JSON.stringify([object.status, object.metadata.annotations]);
  if (same || !isRecord(object.status)) return null;
  object.metadata.resourceVersion = String(Number(after.metadata.resourceVersion) - 1);
  return object;
}
