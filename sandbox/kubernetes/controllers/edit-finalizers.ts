import type { KubeApi } from '../api/kube-api.ts';
import type { KubeObject } from '../api/object.ts';
import type { ResourceType } from '../api/resource-type.ts';

/** Adds a finalizer to an object or takes one away; removing the last one of a deleted object removes the object. */
export function editFinalizers(
  api: KubeApi,
  type: ResourceType,
  { metadata }: KubeObject,
  { add, remove }: { readonly add?: string; readonly remove?: string },
): void {
  api.change(type, metadata.namespace ?? null, metadata.name, (draft) => {
    const kept = (draft.metadata.finalizers ?? []).filter((one) => one !== remove && one !== add);
    const finalizers = add !== undefined ? [...kept, add] : kept;
    if (draft.metadata.finalizers?.length === finalizers.length) return;
    if (finalizers.length > 0) draft.metadata.finalizers = finalizers;
    else delete draft.metadata.finalizers;
  });
}
