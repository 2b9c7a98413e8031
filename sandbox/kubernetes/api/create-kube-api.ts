import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { copyJson } from './copy-json.ts';
import { decideDeletion, timestampOf } from './deletion.ts';
import type { KubeApi } from './kube-api.ts';
import { checkMetadata } from './metadata-rules.ts';
import { checkNamespace } from './namespace-rules.ts';
import type { KubeObject, NewObject } from './object.ts';
import { alreadyExists, conflict, notFound, STALE } from './refusals.ts';
import { apiVersionOf, type ResourceType } from './resource-type.ts';
import { createShelves } from './shelves.ts';

/** What the server in front of it needs beside. */
export interface KubeApiCore extends KubeApi {
  /** What `act` does is answered as usual, and changes nothing: `dryRun=All`. */
  rehearse<T>(act: () => T): T;
  /** Serves a type from now on, or no longer: for definitions of custom resources. */
  addType(type: ResourceType): void;
  removeType(type: ResourceType): void;
}

/** An empty cluster that serves these types. `now` is epoch milliseconds. */
export function createKubeApi({
  types,
  now,
}: {
  readonly types: readonly ResourceType[];
  readonly now: () => number;
}): KubeApiCore {
  const shelves = createShelves(types);

  function demand(type: ResourceType, namespace: string | null, name: string): KubeObject {
    const found = shelves.get(type, namespace, name);
    if (!found) throw notFound(type, name);
    return found;
  }

  function create(type: ResourceType, given: NewObject): KubeObject {
    const { metadata, ...rest } = copyJson(given);
    const { deletionTimestamp: _, deletionGracePeriodSeconds: __, generation: ___, ...kept } = metadata;
    const object = {
      ...rest,
      apiVersion: apiVersionOf(type),
      kind: type.kind,
      metadata: {
        ...kept,
        name: metadata.name || nameFrom(metadata.generateName),
        uid: randomUUID(),
        resourceVersion: '',
        ...(type.hasGeneration && { generation: 1 }),
        creationTimestamp: timestampOf(now()),
      },
    } as KubeObject;
    checkMetadata(type, object, null);
    checkNamespace(shelves, type, object);
    const { namespace = null, name } = object.metadata;
    const present = shelves.get(type, namespace, name);
    if (present) throw alreadyExists(type, name, present.metadata.deletionTimestamp !== undefined);
    type.applyDefaults?.(object);
    type.validate?.(object, null);
    return shelves.put(type, object, null);
  }

  function update(type: ResourceType, given: KubeObject, part: 'main' | 'status' = 'main'): KubeObject {
    const before = demand(type, given.metadata.namespace ?? null, given.metadata.name);
    const { uid, resourceVersion } = given.metadata;
    if (uid && uid !== before.metadata.uid) throw conflict(type, before.metadata.name, wrongUid(uid, before, type));
    if (resourceVersion && resourceVersion !== before.metadata.resourceVersion)
      throw conflict(type, before.metadata.name, STALE);
    const after = merge(type, before, given, part);
    checkMetadata(type, after, before);
    type.validate?.(after, before);
    if (isDeepStrictEqual(after, before)) return before;
    const { generation, deletionTimestamp } = before.metadata;
    if (generation !== undefined && !isDeepStrictEqual(after.spec, before.spec))
      after.metadata.generation = generation + 1;
    if (deletionTimestamp === undefined || isHeld(type, after)) return shelves.put(type, after, before);
    // The change is the object's last: watches see it gone, and the answer keeps the version it had (golden 115, 146).
    shelves.take(type, before, after);
    return after;
  }

  return {
    revision: shelves.revision,
    types: shelves.types,
    find: (group, plural) => shelves.types().find((type) => type.group === group && type.plural === plural) ?? null,
    get: shelves.get,
    list: shelves.list,
    create,
    update,
    change(type, namespace, name, mutate, part) {
      const before = shelves.get(type, namespace, name);
      if (!before) return null;
      const draft = copyJson(before);
      mutate(draft);
      return update(type, draft, part);
    },
    delete(type, namespace, name, options = {}) {
      const before = demand(type, namespace, name);
      const { after, removed } = decideDeletion(type, before, options, now());
      if (removed) return { object: shelves.take(type, before, after), removed };
      return { object: after === before ? before : shelves.put(type, after, before), removed };
    },
    watch: shelves.watch,
    rehearse: shelves.rehearse,
    addType: shelves.add,
    removeType: shelves.remove,
  };
}

/** The half that counts out of `given`, and what is the server's own out of `before`. */
function merge(type: ResourceType, before: KubeObject, given: KubeObject, part: 'main' | 'status'): KubeObject {
  const after = copyJson(part === 'status' ? { ...before, status: given.status } : given);
  if (part === 'status' && given.metadata.managedFields) after.metadata.managedFields = given.metadata.managedFields;
  if (part === 'main' && (type.subresources ?? []).includes('status')) {
    if ('status' in before) after.status = copyJson(before.status);
    else delete after.status;
  }
  const { uid, resourceVersion, creationTimestamp, generation } = before.metadata;
  const { deletionTimestamp, deletionGracePeriodSeconds } = before.metadata;
  Object.assign(after, { apiVersion: before.apiVersion, kind: before.kind });
  Object.assign(after.metadata, { uid, resourceVersion, creationTimestamp });
  Object.assign(after.metadata, { generation, deletionTimestamp, deletionGracePeriodSeconds });
  for (const field of ['generation', 'deletionTimestamp', 'deletionGracePeriodSeconds'] as const)
    if (after.metadata[field] === undefined) delete after.metadata[field];
  return after;
}

function isHeld(type: ResourceType, object: KubeObject): boolean {
  const { finalizers = [], deletionGracePeriodSeconds = 0 } = object.metadata;
  return finalizers.length > 0 || deletionGracePeriodSeconds > 0 || (type.isHeld?.(object) ?? false);
}

function nameFrom(generateName: string | undefined): string {
  return generateName === undefined || generateName === ''
    ? ''
    : `${generateName}${randomUUID().replaceAll('-', '').slice(0, 5)}`;
}

function wrongUid(uid: string, { metadata }: KubeObject, { group, plural }: ResourceType): string {
  const key = ['/registry', group, plural, metadata.namespace, metadata.name].filter(Boolean).join('/');
  return `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${uid}, UID in object meta: ${metadata.uid}`;
}
