import type { KubeApi } from '../api/kube-api.ts';
import type { KubeObject, OwnerReference } from '../api/object.ts';
import type { ResourceType } from '../api/resource-type.ts';
import { matchesSelector } from './matches-selector.ts';

export function controllerOf({ metadata }: KubeObject): OwnerReference | null {
  return metadata.ownerReferences?.find(({ controller }) => controller === true) ?? null;
}

export function ownerReferenceTo({ apiVersion, kind, metadata }: KubeObject): OwnerReference {
  return { apiVersion, kind, name: metadata.name, uid: metadata.uid, controller: true, blockOwnerDeletion: true };
}

/** Those of a type that the owner controls and selects; free ones that it selects are adopted, others of its own let go. */
export function claimOwned(api: KubeApi, type: ResourceType, owner: KubeObject): readonly KubeObject[] {
  const { namespace = '', uid } = owner.metadata;
  const owned: KubeObject[] = [];
  for (const object of api.list(type, namespace)) {
    const controller = controllerOf(object);
    const isSelected = matchesSelector(owner.spec.selector, object);
    const { name } = object.metadata;
    if (controller?.uid === uid) {
      if (isSelected || isDeleted(owner)) owned.push(object);
      else dropOwner(api, type, object, uid);
    } else if (!controller && isSelected && isFree(object) && !isDeleted(owner)) {
      const adopted = api.change(type, namespace, name, ({ metadata }) => {
        metadata.ownerReferences = [...(metadata.ownerReferences ?? []), ownerReferenceTo(owner)];
      });
      if (adopted) owned.push(adopted);
    }
  }
  return owned;
}

export function dropOwner(api: KubeApi, type: ResourceType, { metadata }: KubeObject, uid: string): void {
  api.change(type, metadata.namespace ?? null, metadata.name, (draft) => {
    const others = (draft.metadata.ownerReferences ?? []).filter((owner) => owner.uid !== uid);
    if (others.length > 0) draft.metadata.ownerReferences = others;
    else delete draft.metadata.ownerReferences;
  });
}

export function isDeleted({ metadata }: KubeObject): boolean {
  return metadata.deletionTimestamp !== undefined;
}

function isFree(object: KubeObject): boolean {
  const phase: unknown = object.status?.phase;
  return !isDeleted(object) && phase !== 'Succeeded' && phase !== 'Failed';
}
