import type { KubeApi, KubeEvent } from './kube-api.ts';
import type { KubeObject } from './object.ts';
import type { ResourceType } from './resource-type.ts';

/** What changed lately: watches begin in the past with it, and lists show it. Bounded, as the server's is. */
export interface History {
  /** The changes after a revision, oldest first; null where some of them are forgotten. */
  readonly after: (revision: number) => readonly KubeEvent[] | null;
  /** The objects of a type as they stood at a revision; null where that is forgotten. */
  at(revision: number, type: ResourceType, namespace: string | null): readonly KubeObject[] | null;
  /** The oldest revision from which on everything is known. */
  floor(): number;
  /** Forgets all of it: what asks for an older revision than the present one is told 410. */
  compact(): void;
}

export function createHistory(api: KubeApi, limit: number): History {
  const events: KubeEvent[] = [];
  let floor = 0;
  api.watch((event) => {
    events.push(event);
    if (events.length > limit) forget(events.length - Math.ceil(limit / 2));
  });

  function forget(count: number): void {
    const last = events.splice(0, count).at(-1);
    if (last) floor = revisionOf(last);
  }

  return {
    floor: () => floor,
    after: (revision) => (revision < floor ? null : events.filter((event) => revisionOf(event) > revision)),
    at(revision, type, namespace) {
      if (revision < floor) return null;
      const present = new Map(api.list(type, namespace).map((object) => [keyOf(object), object]));
      // Backwards from now: each change is undone.
      for (const { resource, object, before } of events.filter((event) => revisionOf(event) > revision).toReversed()) {
        if (resource !== type || (namespace !== null && object.metadata.namespace !== namespace)) continue;
        if (before === null) present.delete(keyOf(object));
        else present.set(keyOf(object), before);
      }
      return [...present].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
    },
    compact() {
      forget(events.length);
      floor = api.revision();
    },
  };
}

export function revisionOf({ object }: KubeEvent): number {
  return Number(object.metadata.resourceVersion);
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}
