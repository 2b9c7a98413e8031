import type { IncomingHttpHeaders } from 'node:http';
import { parse as parseYaml } from 'yaml';
import type { KubeObject } from '../object.ts';
import { applyJsonPatch, type JsonPatchOperation } from '../patch/json-patch.ts';
import { applyMergePatch } from '../patch/merge-patch.ts';
import { badRequest } from '../refusals.ts';
import type { ResourceType } from '../resource-type.ts';
import { StatusError } from '../status-error.ts';
import type { Call } from './exchange.ts';
import type { PatchRequest } from './hooks.ts';
import { mediaTypeOf, sayJsonError } from './read-body.ts';

const APPLY = 'application/apply-patch+yaml';

/** What the request's patch makes of an object (golden 052–063). Throws StatusError 400, 415, 422. */
export function patched(call: Call, type: ResourceType, current: KubeObject | null): KubeObject {
  const { world, route, query, headers } = call;
  const contentType = mediaTypeOf(headers['content-type']);
  const { fieldManager, given } = fieldManagerOf(query, headers);
  const request: PatchRequest = {
    contentType,
    body: decodePatch(contentType, call.body.toString('utf8')),
    current,
    type,
    options: {
      fieldManager,
      given,
      force: query.get('force') === 'true',
      subresource: route.subresource,
      name: route.name ?? '',
      namespace: route.namespace,
      now: world.clock.now(),
    },
  };
  const result = (world.hooks.applyPatch ?? applyPlainPatch)(request);
  if (typeof result !== 'object' || result === null || !('metadata' in result))
    throw new StatusError(422, 'Invalid', 'the server rejected our request due to an error in our request', {});
  return result as KubeObject;
}

/** Who writes, for `managedFields`: the query says it, else the user agent up to its first slash. */
export function fieldManagerOf(
  query: URLSearchParams,
  headers: IncomingHttpHeaders,
): { readonly fieldManager: string; readonly given: boolean } {
  const asked = query.get('fieldManager') ?? '';
  return {
    fieldManager: asked || (headers['user-agent'] ?? 'unknown').split('/')[0] || 'unknown',
    given: asked !== '',
  };
}

/** The two patches that need no knowledge of types. */
function applyPlainPatch({ contentType, body, current }: PatchRequest): unknown {
  return contentType === 'application/json-patch+json'
    ? applyJsonPatch(current, body as readonly JsonPatchOperation[])
    : contentType === 'application/merge-patch+json'
      ? applyMergePatch(current, body)
      : refuseType();
}

function decodePatch(contentType: string, text: string): unknown {
  if (contentType === APPLY) return decode(() => parseYaml(text) as unknown);
  if (!/^application\/(json|merge|strategic-merge)-patch\+json$/.test(contentType)) return refuseType();
  const body = decode(() => JSON.parse(text) as unknown);
  const isList = Array.isArray(body);
  if (contentType === 'application/json-patch+json' && !isList)
    throw badRequest('error decoding patch: json: cannot unmarshal object into Go value of type jsonpatch.Patch');
  if (contentType !== 'application/json-patch+json' && (isList || typeof body !== 'object' || body === null))
    throw badRequest(
      `error decoding patch: json: cannot unmarshal ${isList ? 'array' : typeof body} into Go value of type map[string]interface {}`,
    );
  return body;
}

function decode(parse: () => unknown): unknown {
  try {
    return parse();
  } catch (error) {
    throw badRequest(`error decoding patch: ${sayJsonError(error)}`);
  }
}

/** Golden 060. */
function refuseType(): never {
  throw new StatusError(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});
}
