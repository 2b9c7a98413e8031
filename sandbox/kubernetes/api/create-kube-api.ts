import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { DeleteOptions, KubeApi, KubeEvent } from './kube-api.ts';
import type { KubeObject, NewObject } from './object.ts';
import { apiVersionOf, groupResourceOf, type ResourceType } from './resource-type.ts';
import { StatusError } from './status-error.ts';

/** An empty cluster that serves these types. `now` is epoch milliseconds. */
export function createKubeApi({
  types,
  now,
}: {
  readonly types: readonly ResourceType[];
  readonly now: () => number;
}): KubeApi {
  let revision = 1;
  const stored = new Map<ResourceType, Map<string, KubeObject>>(types.map((type) => [type, new Map()]));
  const listeners = new Set<(event: KubeEvent) => void>();
  const told: KubeEvent[] = [];
  let telling = false;

  const keyOf = (namespace: string | null, name: string): string => `${namespace ?? ''}/${name}`;
  const shelfOf = (type: ResourceType): Map<string, KubeObject> => {
    const shelf = stored.get(type);
    if (!shelf) throw new StatusError(404, 'NotFound', 'the server could not find the requested resource');
    return shelf;
  };
  const stamp = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

  function tell(type: KubeEvent['type'], resource: ResourceType, object: KubeObject, before: KubeObject | null): void {
    told.push({ type, resource, object, before });
    if (telling) return;
    // What a listener changes is told after this, to all: each of them sees the changes in their order.
    telling = true;
    try {
      for (let event = told.shift(); event; event = told.shift()) for (const listener of listeners) listener(event);
    } finally {
      telling = false;
    }
  }

  function put(type: ResourceType, object: KubeObject, before: KubeObject | null): KubeObject {
    revision += 1;
    object.metadata.resourceVersion = String(revision);
    shelfOf(type).set(keyOf(object.metadata.namespace ?? null, object.metadata.name), object);
    tell(before ? 'MODIFIED' : 'ADDED', type, object, before);
    return object;
  }

  function remove(type: ResourceType, before: KubeObject): KubeObject {
    revision += 1;
    const last = structuredClone(before);
    last.metadata.resourceVersion = String(revision);
    shelfOf(type).delete(keyOf(before.metadata.namespace ?? null, before.metadata.name));
    tell('DELETED', type, last, before);
    return last;
  }

  function get(type: ResourceType, namespace: string | null, name: string): KubeObject | null {
    return shelfOf(type).get(keyOf(namespace, name)) ?? null;
  }

  function demand(type: ResourceType, namespace: string | null, name: string): KubeObject {
    const found = get(type, namespace, name);
    if (found) return found;
    throw new StatusError(404, 'NotFound', `${groupResourceOf(type)} "${name}" not found`, {
      name,
      ...(type.group !== '' && { group: type.group }),
      kind: type.plural,
    });
  }

  function create(type: ResourceType, given: NewObject): KubeObject {
    const { metadata, ...rest } = structuredClone(given);
    const name = metadata.name ?? `${metadata.generateName ?? ''}${randomUUID().replaceAll('-', '').slice(0, 5)}`;
    const object = {
      ...rest,
      apiVersion: apiVersionOf(type),
      kind: type.kind,
      metadata: {
        ...metadata,
        name,
        uid: randomUUID(),
        resourceVersion: '',
        ...('spec' in rest && { generation: 1 }),
        creationTimestamp: stamp(now()),
      },
    } as KubeObject;
    if (get(type, object.metadata.namespace ?? null, name)) {
      throw new StatusError(409, 'AlreadyExists', `${groupResourceOf(type)} "${name}" already exists`, {
        name,
        ...(type.group !== '' && { group: type.group }),
        kind: type.plural,
      });
    }
    type.applyDefaults?.(object);
    type.validate?.(object, null);
    return put(type, object, null);
  }

  function update(type: ResourceType, given: KubeObject, part: 'main' | 'status' = 'main'): KubeObject {
    const before = demand(type, given.metadata.namespace ?? null, given.metadata.name);
    const { uid, resourceVersion } = given.metadata;
    if (uid && uid !== before.metadata.uid)
      throw conflict(
        type,
        before,
        `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${before.metadata.uid}`,
      );
    if (resourceVersion && resourceVersion !== before.metadata.resourceVersion) throw conflict(type, before, STALE);
    const after = structuredClone(part === 'status' ? { ...before, status: given.status } : given);
    if (part === 'main' && 'status' in before && (type.subresources ?? []).includes('status'))
      after.status = structuredClone(before.status);
    const { deletionTimestamp, deletionGracePeriodSeconds, generation, creationTimestamp } = before.metadata;
    Object.assign(after.metadata, {
      uid: before.metadata.uid,
      resourceVersion: before.metadata.resourceVersion,
      creationTimestamp,
      ...(generation !== undefined && { generation }),
      ...(deletionTimestamp !== undefined && { deletionTimestamp, deletionGracePeriodSeconds }),
    });
    type.validate?.(after, before);
    if (isDeepStrictEqual(after, before)) return before;
    if (generation !== undefined && !isDeepStrictEqual(after.spec, before.spec))
      after.metadata.generation = generation + 1;
    const put_ = put(type, after, before);
    return isHeld(put_) || deletionTimestamp === undefined ? put_ : remove(type, put_);
  }

  function isHeld({ metadata }: KubeObject): boolean {
    return (metadata.finalizers ?? []).length > 0 || (metadata.deletionGracePeriodSeconds ?? 0) > 0;
  }

  return {
    revision: () => revision,
    types: () => [...stored.keys()],
    find: (group, plural) => [...stored.keys()].find((type) => type.group === group && type.plural === plural) ?? null,
    get,
    list: (type, namespace) =>
      [...shelfOf(type).values()].filter(({ metadata }) => namespace === null || metadata.namespace === namespace),
    create,
    update,
    change(type, namespace, name, mutate, part) {
      const before = get(type, namespace, name);
      if (!before) return null;
      const draft = structuredClone(before);
      mutate(draft);
      return update(type, draft, part);
    },
    delete(type, namespace, name, options: DeleteOptions = {}) {
      const before = demand(type, namespace, name);
      const { uid, resourceVersion } = options.preconditions ?? {};
      if (uid !== undefined && uid !== before.metadata.uid)
        throw conflict(
          type,
          before,
          `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${before.metadata.uid}`,
        );
      if (resourceVersion !== undefined && resourceVersion !== before.metadata.resourceVersion)
        throw conflict(
          type,
          before,
          `Precondition failed: ResourceVersion in precondition: ${resourceVersion}, ResourceVersion in object meta: ${before.metadata.resourceVersion}`,
        );
      const usual = type.gracePeriodSeconds?.(before) ?? 0;
      const asked = Math.max(0, options.gracePeriodSeconds ?? usual);
      // A second deletion may shorten the grace, never lengthen it.
      const grace =
        type.gracePeriodSeconds === undefined
          ? 0
          : Math.min(asked, before.metadata.deletionGracePeriodSeconds ?? Number.POSITIVE_INFINITY);
      const finalizers = before.metadata.finalizers ?? [];
      if (grace === 0 && finalizers.length === 0) return { object: remove(type, before), removed: true };
      if (before.metadata.deletionTimestamp !== undefined && before.metadata.deletionGracePeriodSeconds === grace)
        return { object: before, removed: false };
      const marked = structuredClone(before);
      marked.metadata.deletionTimestamp = stamp(now() + grace * 1_000);
      marked.metadata.deletionGracePeriodSeconds = grace;
      if (marked.metadata.generation !== undefined) marked.metadata.generation += 1;
      return { object: put(type, marked, before), removed: false };
    },
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

const STALE = 'the object has been modified; please apply your changes to the latest version and try again';

function conflict(type: ResourceType, { metadata: { name } }: KubeObject, why: string): StatusError {
  return new StatusError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${groupResourceOf(type)} "${name}": ${why}`,
    { name, ...(type.group !== '' && { group: type.group }), kind: type.plural },
  );
}
