import type { KubeObject } from '../api/object.ts';
import type { ResourceType } from '../api/resource-type.ts';
import { apiVersionOf } from '../api/resource-type.ts';
import { editFinalizers } from './edit-finalizers.ts';
import { dropOwner, isDeleted } from './owners.ts';
import { type Controller, type ControllerParts, runController } from './run-controller.ts';

const FOREGROUND = 'foregroundDeletion';
const ORPHAN = 'orphan';

/**
 * Deletes what no owner is left of, and carries out `foregroundDeletion` (dependents first) and `orphan` (dependents live
 * on). Its keys are uids.
 */
export function createGarbageCollector({ api, clock }: ControllerParts): Controller {
  function reconcile(uid: string): number | null {
    const { found, dependents } = look(uid);
    if (!found) {
      for (const { type, object } of dependents) dropDangling(type, object);
      return null;
    }
    const { type, object } = found;
    if (!isDeleted(object)) dropDangling(type, object);
    else if (object.metadata.finalizers?.includes(ORPHAN)) orphan(type, object, dependents);
    else if (object.metadata.finalizers?.includes(FOREGROUND)) deleteDependents(type, object, dependents);
    return null;
  }

  function look(uid: string): { readonly found: Found | null; readonly dependents: readonly Found[] } {
    let found: Found | null = null;
    const dependents: Found[] = [];
    for (const type of api.types())
      for (const object of api.list(type, null)) {
        if (object.metadata.uid === uid) found = { type, object };
        else if (object.metadata.ownerReferences?.some((owner) => owner.uid === uid)) dependents.push({ type, object });
      }
    return { found, dependents };
  }

  /** Deletes an object all of whose owners are gone; of one that has owners left, the references to the others go. */
  function dropDangling(type: ResourceType, object: KubeObject): void {
    const owners = object.metadata.ownerReferences ?? [];
    const left = owners.filter((owner) => isThere(owner, object.metadata.namespace));
    if (left.length === owners.length || isDeleted(object)) return;
    const { namespace, name, uid } = object.metadata;
    if (left.length === 0) {
      const preconditions = { uid };
      api.delete(type, namespace ?? null, name, { propagationPolicy: 'Background', preconditions });
    } else api.change(type, namespace ?? null, name, ({ metadata }) => (metadata.ownerReferences = [...left]));
  }

  function isThere(owner: NonNullable<KubeObject['metadata']['ownerReferences']>[number], namespace?: string): boolean {
    const type = api.types().find((one) => one.kind === owner.kind && apiVersionOf(one) === owner.apiVersion);
    // Of a kind that is not served nothing can be known: it is let be.
    if (!type) return true;
    return api.get(type, type.namespaced ? (namespace ?? null) : null, owner.name)?.metadata.uid === owner.uid;
  }

  function orphan(type: ResourceType, owner: KubeObject, dependents: readonly Found[]): void {
    for (const { type: of, object } of dependents) dropOwner(api, of, object, owner.metadata.uid);
    editFinalizers(api, type, owner, { remove: ORPHAN });
  }

  function deleteDependents(type: ResourceType, owner: KubeObject, dependents: readonly Found[]): void {
    const blocking = dependents.filter(({ object }) =>
      object.metadata.ownerReferences?.some(
        ({ uid, blockOwnerDeletion }) => uid === owner.metadata.uid && blockOwnerDeletion === true,
      ),
    );
    if (blocking.length === 0) return editFinalizers(api, type, owner, { remove: FOREGROUND });
    for (const { type: of, object } of dependents) if (!isDeleted(object)) deleteInTurn(of, object);
    return undefined;
  }

  /** What has dependents of its own goes the same way, so that nothing outlives what it belongs to. */
  function deleteInTurn(type: ResourceType, object: KubeObject): void {
    const { namespace, name, uid } = object.metadata;
    const propagationPolicy = look(uid).dependents.length > 0 ? 'Foreground' : 'Background';
    if (propagationPolicy === 'Foreground') editFinalizers(api, type, object, { add: FOREGROUND });
    api.delete(type, namespace ?? null, name, { propagationPolicy, preconditions: { uid } });
  }

  return runController({
    api,
    clock,
    reconcile,
    *keysOf(_type, { metadata }, change) {
      const owners = metadata.ownerReferences ?? [];
      // What has owners, and what goes: its dependents may be nobody's then.
      if (owners.length > 0 || metadata.deletionTimestamp !== undefined || change === 'DELETED') yield metadata.uid;
      for (const { uid } of owners) yield uid;
    },
  });
}

interface Found {
  readonly type: ResourceType;
  readonly object: KubeObject;
}
