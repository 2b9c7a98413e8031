import type { KubeObject, NewObject } from '../object.ts';
import { badRequest, conflict, invalid, notFound } from '../refusals.ts';
import type { ResourceType } from '../resource-type.ts';
import { StatusError } from '../status-error.ts';
import type { Answer, Call } from './exchange.ts';
import { ok } from './exchange.ts';
import type { Shape } from './negotiate.ts';
import { fieldManagerOf, patched } from './patch.ts';
import { decodeObject, mediaTypeOf } from './read-body.ts';
import { representObject } from './represent.ts';

/** Golden 006–031. */
export function create(call: Call, shape: Shape): Answer {
  const { type, headers, body } = call;
  const { object, headers: warnings } = checked(call, decodeObject(type, body, headers['content-type']));
  inPlace(call, object);
  if (object.metadata.resourceVersion)
    throw new StatusError(500, '', 'resourceVersion should not be set on objects to be created');
  return answer(call, shape, 201, () => createNew(call, object), warnings);
}

/** Golden 040–051, 216–223, 244–249. */
export function replace(call: Call, shape: Shape): Answer {
  const { world, type, route, headers, body } = call;
  const { object, headers: warnings } = checked(call, decodeObject(type, body, headers['content-type']));
  inPlace(call, object);
  if (object.metadata.name !== route.name) throw otherName(object.metadata.name, route.name);
  const current = world.api.get(type, route.namespace, route.name);
  if (current === null) {
    if (!type.createdByUpdate || route.subresource !== null) throw notFound(type, route.name);
    delete object.metadata.resourceVersion;
    return answer(call, shape, 201, () => createNew(call, object), warnings);
  }
  if ((type.demandsResourceVersion || type.custom) && !object.metadata.resourceVersion)
    throw unconditional(type, route.name);
  return answer(call, shape, 200, () => store(call, current, object as KubeObject), warnings);
}

/** Golden 052–063, 115, 118, 141, 146. */
export function patch(call: Call, shape: Shape): Answer {
  const { world, type, route } = call;
  const name = route.name ?? '';
  const current = world.api.get(type, route.namespace, name);
  const isApply = mediaTypeOf(call.headers['content-type']) === 'application/apply-patch+yaml';
  if (current === null && (!isApply || route.subresource !== null)) throw notFound(type, name);
  const { object, headers: warnings } = checked(call, patched(call, type, current));
  if (object.metadata.name !== name) throw otherName(object.metadata.name, name);
  inPlace(call, object);
  if (current !== null)
    return answer(call, shape, 200, () => store(call, current, object as KubeObject, isApply), warnings);
  delete object.metadata.resourceVersion;
  return answer(call, shape, 201, () => createNew(call, object, true), warnings);
}

/** A status is its controller's word, never that of the one who creates. */
function createNew(call: Call, object: NewObject, isTracked = false): KubeObject {
  const { type, world, user } = call;
  world.hooks.admitWrite?.(world.api, user, type, object);
  const { status: _, ...rest } = object;
  const given = (type.subresources ?? []).includes('status') ? (rest as NewObject) : object;
  return world.api.create(type, isTracked ? given : tracked(call, given, null));
}

function store(call: Call, current: KubeObject, object: KubeObject, isTracked = false): KubeObject {
  const { type, world, route, user } = call;
  world.hooks.admitWrite?.(world.api, user, type, object);
  const next = isTracked ? object : tracked(call, object, current);
  switch (route.subresource) {
    case null:
      return world.api.update(type, withDefaults(type, next));
    case 'status':
      return world.api.update(type, next, 'status');
    // What may be taken off here is what holds a namespace (golden 281–284).
    case 'finalize':
      return world.api.update(type, { ...current, metadata: next.metadata, spec: next.spec });
    default:
      throw conflict(type, object.metadata.name, `${route.subresource} cannot be written`);
  }
}

/** What a client left out of an update gets its default too; what the server keeps is none of it. */
function withDefaults(type: ResourceType, object: KubeObject): KubeObject {
  if (!type.applyDefaults) return object;
  const filled = structuredClone(object);
  type.applyDefaults(filled);
  return { ...filled, metadata: object.metadata, ...('status' in object && { status: object.status }) };
}

function tracked<T extends NewObject>(
  { world, type, route, query, headers }: Call,
  object: T,
  before: KubeObject | null,
): T {
  const { fieldManager } = fieldManagerOf(query, headers);
  const write = { type, before, fieldManager, subresource: route.subresource, now: world.clock.now() };
  return world.hooks.trackFields?.(object, write) ?? object;
}

function checked(
  { world, type, query }: Call,
  body: NewObject,
): { readonly object: NewObject; readonly headers: Readonly<Record<string, string>> } {
  const asked = query.get('fieldValidation');
  const mode = asked === 'Strict' || asked === 'Ignore' ? asked : 'Warn';
  const { body: object, warnings } = world.hooks.checkFields?.(type, body, mode) ?? { body, warnings: [] };
  const lines = warnings.map((warning) => `299 - ${JSON.stringify(warning)}`);
  return { object, headers: lines.length > 0 ? { warning: lines.join(', ') } : {} };
}

/** Puts the object into the namespace of the path, or throws StatusError 400 where it names another (golden 019). */
function inPlace({ type, route }: Call, object: NewObject): void {
  const { namespace } = object.metadata;
  if (!type.namespaced) return void delete object.metadata.namespace;
  if (route.namespace === null) throw badRequest('an empty namespace may not be set during creation');
  if (namespace !== undefined && namespace !== '' && namespace !== route.namespace)
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  object.metadata.namespace = route.namespace;
}

function answer(
  { world, type, query }: Call,
  shape: Shape,
  status: number,
  act: () => KubeObject,
  headers: Readonly<Record<string, string>>,
): Answer {
  const object = isDryRun(query.getAll('dryRun')) ? world.api.rehearse(act) : act();
  return { ...ok(representObject(type, object, shape, world.clock.now()), status), headers };
}

/** Throws StatusError 422 for another value than All. */
export function isDryRun(values: readonly string[]): boolean {
  const odd = values.find((value) => value !== 'All' && value !== '');
  if (odd === undefined) return values.includes('All');
  throw invalid({ group: 'meta.k8s.io', kind: 'CreateOptions' }, '', [
    {
      reason: 'FieldValueNotSupported',
      field: 'dryRun',
      message: `Unsupported value: ["${odd}"]: supported values: "All"`,
    },
  ]);
}

/** Golden 048. */
function otherName(given: string | undefined, asked: string | null): StatusError {
  return badRequest(`the name of the object (${given ?? ''}) does not match the name on the URL (${asked ?? ''})`);
}

/** Golden 218, 244: here the server names the resource, not the kind. */
function unconditional({ group, plural }: ResourceType, name: string): StatusError {
  return invalid({ group, kind: plural }, name, [
    {
      reason: 'FieldValueInvalid',
      field: 'metadata.resourceVersion',
      message: 'Invalid value: 0: must be specified for an update',
    },
  ]);
}
