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

/** Those of a type that the owner controls; who matches its selector and has no controller is adopted first. */
export function claimOwned(api: KubeApi, type: ResourceType, owner: KubeObject): readonly KubeObject[] {
  const { namespace = '', uid } = owner.metadata;
  const owned: KubeObject[] = [];
  for (const object of api.list(type, namespace)) {
    const controller = controllerOf(object);
    if (controller?.uid === uid) owned.push(object);
    else if (!controller && isFree(object) && !isDeleted(owner) && matchesSelector(owner.spec.selector, object)) {
      const adopted = api.change(type, namespace, object.metadata.name, ({ metadata }) => {
        metadata.ownerReferences = [...(metadata.ownerReferences ?? []), ownerReferenceTo(owner)];
      });
      if (adopted) owned.push(adopted);
    }
  }
  return owned;
}

export function isDeleted({ metadata }: KubeObject): boolean {
  return metadata.deletionTimestamp !== undefined;
}

function isFree(object: KubeObject): boolean {
  const phase: unknown = object.status?.phase;
  return !isDeleted(object) && phase !== 'Succeeded' && phase !== 'Failed';
}
