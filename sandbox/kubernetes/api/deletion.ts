import { copyJson } from './copy-json.ts';
import type { DeleteOptions } from './kube-api.ts';
import type { KubeObject } from './object.ts';
import { failedPrecondition } from './refusals.ts';
import type { ResourceType } from './resource-type.ts';

/** What a deletion makes of an object, decided without doing it: it is marked, or gone, or as it was (`after === before`). */
export interface Deletion {
  readonly after: KubeObject;
  readonly removed: boolean;
}

/** Throws 409 where a precondition fails (golden 094, 095). `now` is epoch milliseconds. */
export function decideDeletion(type: ResourceType, before: KubeObject, options: DeleteOptions, now: number): Deletion {
  checkPreconditions(type, before, options);
  const finalizers = finalizersAfter(type, before, options);
  const grace = graceOf(type, before, options);
  const held = finalizers.length > 0 || grace > 0 || (type.isHeld?.(before) ?? false);
  const marks = type.gracePeriodSeconds !== undefined || held;
  if (!marks) return { after: before, removed: true };

  const after = copyJson(before);
  const { metadata } = after;
  const { deletionTimestamp, deletionGracePeriodSeconds = 0 } = before.metadata;
  // A shorter grace counts from the first deletion on (golden 102, 104).
  const from =
    deletionTimestamp === undefined ? now : Date.parse(deletionTimestamp) - deletionGracePeriodSeconds * 1_000;
  metadata.deletionTimestamp = timestampOf(from + grace * 1_000);
  metadata.deletionGracePeriodSeconds = grace;
  if (deletionTimestamp === undefined && metadata.generation !== undefined) metadata.generation += 1;
  if (finalizers.length > 0) metadata.finalizers = finalizers;
  else delete metadata.finalizers;
  type.markDeleted?.(after);
  const same =
    deletionTimestamp !== undefined &&
    deletionGracePeriodSeconds === grace &&
    String(finalizers) === String(before.metadata.finalizers ?? []);
  return { after: held && same ? before : after, removed: !held };
}

/** RFC 3339, whole seconds. */
export function timestampOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

function checkPreconditions(type: ResourceType, { metadata }: KubeObject, { preconditions }: DeleteOptions): void {
  const { uid, resourceVersion } = preconditions ?? {};
  if (uid !== undefined && uid !== metadata.uid)
    throw failedPrecondition(
      type,
      metadata.name,
      `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`,
    );
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion)
    throw failedPrecondition(
      type,
      metadata.name,
      `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`,
    );
}

/** The garbage collector takes these two off, when it has done what they stand for. */
function finalizersAfter(type: ResourceType, { metadata }: KubeObject, { propagationPolicy }: DeleteOptions): string[] {
  const held = metadata.finalizers ?? [];
  const others = held.filter((finalizer) => finalizer !== 'foregroundDeletion' && finalizer !== 'orphan');
  const undecided = others.length === held.length;
  const policy = propagationPolicy ?? (undecided ? type.propagation : undefined);
  if (policy === undefined) return [...held];
  if (policy === 'Background') return others;
  return [...others, policy === 'Orphan' ? 'orphan' : 'foregroundDeletion'];
}

/** A second deletion may shorten the grace, never lengthen it; what nobody runs needs none. Seconds. */
function graceOf(type: ResourceType, before: KubeObject, { gracePeriodSeconds }: DeleteOptions): number {
  const usual = type.gracePeriodSeconds?.(before) ?? 0;
  if (usual === 0) return 0;
  const asked = gracePeriodSeconds ?? usual;
  return Math.min(asked < 0 ? 1 : asked, before.metadata.deletionGracePeriodSeconds ?? Number.POSITIVE_INFINITY);
}
