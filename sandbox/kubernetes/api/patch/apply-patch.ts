import { requiredValue } from '../field-errors.ts';
import type { PatchRequest } from '../http/hooks.ts';
import type { KubeObject, NewObject } from '../object.ts';
import { badRequest, conflict, invalid, STALE } from '../refusals.ts';
import { apiVersionOf } from '../resource-type.ts';
import { StatusError } from '../status-error.ts';
import { pruneFields } from './check-fields.ts';
import { applyJsonPatch, type JsonPatchOperation } from './json-patch.ts';
import { isObject, type Json } from './list-shape.ts';
import { applyMergePatch } from './merge-patch.ts';
import { applyServerSide } from './server-side-apply.ts';
import { strategicMerge } from './strategic-merge.ts';

/** What a patch makes of an object, by its content type. Throws 400, 409, 415, 422 and, of fields that are none, 500. */
export function applyPatch(request: PatchRequest): unknown {
  const { contentType, body, current, type } = request;
  switch (contentType) {
    case 'application/json-patch+json':
      return applyJsonPatch(current, body as readonly JsonPatchOperation[]);
    case 'application/merge-patch+json':
      return applyMergePatch(current, body);
    case 'application/strategic-merge-patch+json':
      // The server knows too little of custom resources to merge their lists (golden 250).
      if (type.custom) throw unknownFormat();
      return strategicMerge(current ?? {}, body as Json);
    case 'application/apply-patch+yaml':
      return apply(request, current);
    default:
      throw new StatusError(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});
  }
}

function apply({ body, type, options }: PatchRequest, current: KubeObject | null): unknown {
  const { fieldManager: manager, given, force, name, namespace, now } = options;
  if (!given)
    throw invalid({ group: 'meta.k8s.io', kind: 'PatchOptions' }, '', [
      requiredValue('fieldManager', 'is required for apply patch'),
    ]);
  const config = readConfig(body, type);
  const { managedFields, uid, resourceVersion, ...metadata } = config.metadata;
  if (managedFields !== undefined && managedFields !== null) throw badRequest('metadata.managedFields must be nil');
  if (metadata.name !== undefined && metadata.name !== name)
    throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`);
  refuseUnknown(config, type);
  if (current === null && uid)
    throw conflict(
      type,
      name,
      `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`,
    );
  const wanted = { ...config, metadata: { ...metadata, name, ...(namespace !== null && { namespace }) } };
  if (current && resourceVersion && resourceVersion !== current.metadata.resourceVersion)
    throw conflict(type, name, STALE);
  const applied = applyServerSide(type, { manager, force, now }, current, wanted);
  return uid ? { ...applied, metadata: { ...applied.metadata, uid } } : applied;
}

function readConfig(body: unknown, type: PatchRequest['type']): NewObject {
  if (!isObject(body)) throw badRequest('error decoding YAML: the patch is no object');
  const { apiVersion, kind, metadata = {} } = body;
  if (apiVersion !== apiVersionOf(type) || kind !== type.kind)
    throw badRequest(
      `PATCH of ${apiVersionOf(type)}, Kind=${type.kind} with an object of ${String(apiVersion)}, Kind=${String(kind)}`,
    );
  return { ...body, apiVersion: apiVersionOf(type), kind: type.kind, metadata: isObject(metadata) ? metadata : {} };
}

/** Golden 076: no validation of the fields is asked for, the schema itself has no place for them. */
function refuseUnknown(config: NewObject, type: PatchRequest['type']): void {
  const [unknown] = pruneFields(type, structuredClone(config));
  if (unknown === undefined) return;
  const { namespace = '', name = '' } = config.metadata;
  const [field] = [`.${unknown}`];
  throw new StatusError(
    500,
    '',
    `failed to create typed patch object (${namespace}/${name}; ${type.group}/${type.version}, Kind=${type.kind}): ${field}: field not declared in schema`,
  );
}

function unknownFormat(): StatusError {
  return new StatusError(
    415,
    'UnsupportedMediaType',
    'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
  );
}
