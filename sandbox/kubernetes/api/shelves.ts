import { copyJson } from './copy-json.ts';
import type { KubeEvent } from './kube-api.ts';
import type { KubeObject } from './object.ts';
import { noSuchResource } from './refusals.ts';
import type { ResourceType } from './resource-type.ts';

/** Where the objects lie: one revision for all, and each change told in its order. */
export interface Shelves {
  readonly revision: () => number;
  readonly types: () => readonly ResourceType[];
  /** Serves a type from now on; `remove` ends that, with all of its objects. */
  readonly add: (type: ResourceType) => void;
  readonly remove: (type: ResourceType) => void;
  readonly get: (type: ResourceType, namespace: string | null, name: string) => KubeObject | null;
  /** By namespace (null: all) and name. */
  readonly list: (type: ResourceType, namespace: string | null) => readonly KubeObject[];
  readonly put: (type: ResourceType, object: KubeObject, before: KubeObject | null) => KubeObject;
  /** Answers with its last state; `last` is what it was changed to by what removes it. */
  readonly take: (type: ResourceType, before: KubeObject, last?: KubeObject) => KubeObject;
  readonly watch: (listener: (event: KubeEvent) => void) => () => void;
  /** What is put and taken meanwhile is answered as usual, and changes nothing. */
  readonly rehearse: <T>(act: () => T) => T;
}

export function createShelves(types: readonly ResourceType[]): Shelves {
  let revision = 1;
  let rehearsing = false;
  let telling = false;
  const stored = new Map<ResourceType, Map<string, KubeObject>>(types.map((type) => [type, new Map()]));
  const listeners = new Set<(event: KubeEvent) => void>();
  const untold: KubeEvent[] = [];

  const shelfOf = (type: ResourceType): Map<string, KubeObject> => {
    const shelf = stored.get(type);
    if (!shelf) throw noSuchResource();
    return shelf;
  };

  function tell(event: KubeEvent): void {
    untold.push(event);
    if (telling) return;
    // What a listener changes is told after this, to all: each of them sees the changes in their order.
    telling = true;
    try {
      for (let next = untold.shift(); next; next = untold.shift()) for (const listener of listeners) listener(next);
    } finally {
      telling = false;
    }
  }

  return {
    revision: () => revision,
    types: () => [...stored.keys()],
    add: (type) => void (stored.has(type) || stored.set(type, new Map())),
    remove: (type) => void stored.delete(type),
    get: (type, namespace, name) => shelfOf(type).get(keyOf(namespace, name)) ?? null,
    list: (type, namespace) =>
      [...shelfOf(type)]
        .filter(([, { metadata }]) => namespace === null || metadata.namespace === namespace)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, object]) => object),
    put(type, object, before) {
      if (rehearsing) return object;
      revision += 1;
      object.metadata.resourceVersion = String(revision);
      shelfOf(type).set(keyOf(object.metadata.namespace ?? null, object.metadata.name), object);
      tell({ type: before ? 'MODIFIED' : 'ADDED', resource: type, object, before });
      return object;
    },
    take(type, before, last = before) {
      if (rehearsing) return last;
      revision += 1;
      const gone = copyJson(last);
      gone.metadata.resourceVersion = String(revision);
      shelfOf(type).delete(keyOf(before.metadata.namespace ?? null, before.metadata.name));
      tell({ type: 'DELETED', resource: type, object: gone, before });
      return gone;
    },
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    rehearse(act) {
      rehearsing = true;
      try {
        return act();
      } finally {
        rehearsing = false;
      }
    },
  };
}

/** Sorts as etcd does: lists are in this order, and their tokens tell a place in it. */
function keyOf(namespace: string | null, name: string): string {
  return `${namespace ?? ''}/${name}`;
}
