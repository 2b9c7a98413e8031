import type { IncomingMessage } from 'node:http';
import { parse as parseYaml } from 'yaml';
import type { KubeObject, NewObject } from '../object.ts';
import { badRequest } from '../refusals.ts';
import type { ResourceType } from '../resource-type.ts';
import { apiVersionOf } from '../resource-type.ts';
import { StatusError } from '../status-error.ts';

/** Bytes (golden 227). */
const LARGEST_BODY = 3 * 1_024 * 1_024;

/** Throws StatusError 413; the rest of a body that is too large is read and thrown away, so that the answer arrives. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= LARGEST_BODY) chunks.push(chunk);
  }
  if (size > LARGEST_BODY)
    throw new StatusError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${LARGEST_BODY}`);
  return Buffer.concat(chunks);
}

/** The media type alone. */
export function mediaTypeOf(contentType: string | undefined): string {
  return (contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

/** An object of this kind out of a request's body. Throws StatusError 400 and 415 (golden 024, 025, 029). */
export function decodeObject(
  type: Pick<ResourceType, 'group' | 'version' | 'kind'>,
  body: Buffer,
  contentType: string | undefined,
): NewObject {
  const media = mediaTypeOf(contentType) || 'application/json';
  if (media !== 'application/json' && media !== 'application/yaml') throw unsupportedMediaType();
  const text = body.toString('utf8');
  const object: unknown = media === 'application/yaml' ? parseYaml(text) : parseJson(type, text);
  if (typeof object !== 'object' || object === null || Array.isArray(object))
    throw badRequest(
      `the object provided is unrecognized (must be of type ${type.kind}): couldn't get version/kind; json parse error (${excerpt(text)})`,
    );
  const { kind = type.kind, apiVersion = apiVersionOf(type), metadata } = object as Partial<KubeObject>;
  if (kind !== type.kind || apiVersion !== apiVersionOf(type)) throw wrongKind(type, kind, apiVersion);
  return { ...object, kind, apiVersion, metadata: { ...metadata } };
}

function parseJson(type: { readonly kind: string }, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw badRequest(
      `the object provided is unrecognized (must be of type ${type.kind}): couldn't get version/kind; json parse error: ${sayJsonError(error)} (${excerpt(text)})`,
    );
  }
}

/** Go's words for the commonest one. */
export function sayJsonError(error: unknown): string {
  const said = error instanceof Error ? error.message : String(error);
  return /end of JSON input|after (array|property|JSON)|Expected/.test(said) ? 'unexpected end of JSON input' : said;
}

function wrongKind(type: Pick<ResourceType, 'group' | 'version' | 'kind'>, kind: string, apiVersion: string): Error {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  if (group !== type.group || version !== type.version)
    return badRequest(
      `the API version in the data (${apiVersion}) does not match the expected API version (${apiVersionOf(type)})`,
    );
  const family = type.group === '' ? 'core' : type.group.split('.')[0];
  return badRequest(
    `${kind} in version "${version}" cannot be handled as a ${type.kind}: converting (${type.version}.${kind}) to (${family}.${type.kind}): unknown conversion`,
  );
}

function unsupportedMediaType(): StatusError {
  return new StatusError(
    415,
    'UnsupportedMediaType',
    'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf',
  );
}

function excerpt(text: string): string {
  return text.length > 1_000 ? `${text.slice(0, 1_000)} [truncated ${text.length - 1_000} chars]` : text;
}
