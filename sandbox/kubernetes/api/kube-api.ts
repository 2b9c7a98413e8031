import type { KubeObject, NewObject } from './object.ts';
import type { ResourceType } from './resource-type.ts';

/** One change of one object, as watches tell it. */
export interface KubeEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly resource: ResourceType;
  /** After the change; of a deleted one its last state, with the deletion's resourceVersion. */
  readonly object: KubeObject;
  /** Before it; null when it was added. */
  readonly before: KubeObject | null;
}

export interface DeleteOptions {
  readonly propagationPolicy?: 'Foreground' | 'Background' | 'Orphan' | undefined;
  readonly gracePeriodSeconds?: number | undefined;
  readonly preconditions?:
    | { readonly uid?: string | undefined; readonly resourceVersion?: string | undefined }
    | undefined;
}

/**
 * The API's semantics without HTTP: what the HTTP edge, the controllers and the kubelets share. All of it is synchronous and
 * throws StatusError for what the server refuses. Objects that it answers with are frozen in meaning: change copies.
 */
export interface KubeApi {
  /** The newest resourceVersion there is. */
  revision(): number;
  /** The types that are served, custom ones too. */
  types(): readonly ResourceType[];
  find(group: string, plural: string): ResourceType | null;
  get(type: ResourceType, namespace: string | null, name: string): KubeObject | null;
  /** By namespace (null: all) and name. */
  list(type: ResourceType, namespace: string | null): readonly KubeObject[];
  /** Fills in metadata and defaults; throws 409 AlreadyExists, 422 Invalid, 404 where its namespace is missing. */
  create(type: ResourceType, object: NewObject): KubeObject;
  /**
   * Puts a new state in the place of the stored one; `part` says which half counts: `status` changes nothing else, `main`
   * leaves the status as it was. A resourceVersion or uid in `object` is a precondition: 409 Conflict. What does not change
   * anything leaves the resourceVersion as it was. Removing the last finalizer of a deleted object removes it.
   */
  update(type: ResourceType, object: KubeObject, part?: 'main' | 'status'): KubeObject;
  /** Reads, changes a copy, updates; null where there is none. For controllers, who are never in conflict: nothing happens in between. */
  change(
    type: ResourceType,
    namespace: string | null,
    name: string,
    mutate: (draft: KubeObject) => void,
    part?: 'main' | 'status',
  ): KubeObject | null;
  /**
   * Marks it deleted, or removes it where nothing holds it (finalizers, a grace period). `removed` tells which; throws 404,
   * and 409 Conflict where a precondition fails.
   */
  delete(
    type: ResourceType,
    namespace: string | null,
    name: string,
    options?: DeleteOptions,
  ): { readonly object: KubeObject; readonly removed: boolean };
  /** Called synchronously after each change, in order. Answers how to stop it. */
  watch(listener: (event: KubeEvent) => void): () => void;
}
