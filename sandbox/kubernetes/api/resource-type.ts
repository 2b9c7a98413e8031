import type { KubeObject, NewObject } from './object.ts';

/** One kind of object that the server serves: one file each in `resources/`. */
export interface ResourceType {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** As in `deployments`. */
  readonly plural: string;
  readonly singular: string;
  readonly shortNames?: readonly string[];
  readonly namespaced: boolean;
  readonly subresources?: readonly ('status' | 'scale' | 'binding' | 'eviction' | 'log' | 'finalize')[];
  /** `kubectl get all` shows it. */
  readonly categories?: readonly string[];
  /** Its pods get this long to stop unless they say otherwise, seconds; left out where deletion is at once. */
  readonly gracePeriodSeconds?: (object: KubeObject) => number;
  /** Fills in what was left out, as the server does. Changes the object that it is given. */
  readonly applyDefaults?: (object: NewObject) => void;
  /** Throws StatusError 422 for what the server refuses; `before` is null on creation. */
  readonly validate?: (object: KubeObject, before: KubeObject | null) => void;
  /** What `kubectl get` shows of it, beside the name. */
  readonly columns?: readonly Column[];
  /** `metadata.generation` counts the changes of its spec. */
  readonly hasGeneration?: boolean;
  /** An update must name the resourceVersion that it replaces. */
  readonly demandsResourceVersion?: boolean;
  /** A PUT creates it where there is none. */
  readonly createdByUpdate?: boolean;
  /** What becomes of its dependents where a deletion does not say; in the background by default. */
  readonly propagation?: 'Orphan';
  /** A deletion at once answers with the object instead of a Status. */
  readonly answersDeleted?: boolean;
  /** Something beside finalizers and grace keeps a deleted one. */
  readonly isHeld?: (object: KubeObject) => boolean;
  /** What else its deletion marks. Changes the object that it is given. */
  readonly markDeleted?: (object: KubeObject) => void;
  /** Fields that a field selector may name, beside metadata.name and metadata.namespace: `involvedObject.name`. */
  readonly selectableFields?: readonly string[];
  /** Takes away what it has no field for, in place; answers the paths. Left out: only the top level is known. */
  readonly prune?: (object: NewObject) => readonly string[];
  /** Came with a definition: its lists name the kind of each item. */
  readonly custom?: boolean;
}

export interface Column {
  readonly name: string;
  readonly cell: (object: KubeObject, now: number) => string | number;
  readonly type?: 'integer';
  /** Shown by `-o wide` only. */
  readonly wide?: boolean;
}

/** As in `apps/v1`, or `v1`. */
export function apiVersionOf({ group, version }: Pick<ResourceType, 'group' | 'version'>): string {
  return group === '' ? version : `${group}/${version}`;
}

/** As in `deployments.apps`, or `pods`: the words of the server's messages. */
export function groupResourceOf({ group, plural }: Pick<ResourceType, 'group' | 'plural'>): string {
  return group === '' ? plural : `${plural}.${group}`;
}
