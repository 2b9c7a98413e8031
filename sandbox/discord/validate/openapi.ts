import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { ErrorObject, ValidateFunction } from 'ajv';
import { asDocumented } from './as-documented.ts';
import type { Finding } from './finding.ts';
import type { Checkable } from './validator.ts';

export type CheckAgainstOpenApi = (request: Pick<Checkable, 'method' | 'path' | 'json'>) => Promise<Finding[]>;

/** Beside the repository; not part of it. */
export const OPENAPI_PATH = new URL('../../../../shared/data/discord-openapi.json', import.meta.url);

type Schema = { [key: string]: unknown };
interface Compiled {
  readonly document: Schema;
  readonly compile: (pointer: string) => ValidateFunction;
}

/**
 * Validates bodies against Discord's own OpenAPI document, or null when it is not there. The document (600 kB) is
 * read at the first body, and each operation compiled when it is first used, so that starting up stays fast.
 */
export function createOpenApiCheck(path: string | URL = OPENAPI_PATH): CheckAgainstOpenApi | null {
  if (!existsSync(path)) return null;
  let loading: Promise<Compiled> | null = null;
  const validators = new Map<string, ValidateFunction | null>();

  return async ({ method, path: route, json }) => {
    loading ??= load(path);
    const { document, compile } = await loading;
    const key = `${method} ${route}`;
    let validator = validators.get(key);
    if (validator === undefined) {
      const pointer = ['paths', route, method.toLowerCase(), 'requestBody', 'content', 'application/json', 'schema'];
      const known = pointer.reduce<unknown>((node, step) => (node as Schema | undefined)?.[step], document);
      validator = known === undefined ? null : compile(pointer.map(escapePointer).join('/'));
      validators.set(key, validator);
    }
    if (validator === null || validator(asDocumented(json ?? {}))) return [];
    return tellApart(validator.errors ?? []);
  };
}

async function load(path: string | URL): Promise<Compiled> {
  const [{ Ajv2020 }, formats, text] = await Promise.all([
    import('ajv/dist/2020.js'),
    import('ajv-formats'),
    readFile(path, 'utf8'),
  ]);
  const document = JSON.parse(text) as Schema;
  const schemas = (document['components'] as Schema)['schemas'] as Record<string, Schema>;
  // The document says nothing of unknown properties; a bot that sends one has made a mistake (facts.md, Discord 9).
  for (const schema of Object.values(schemas)) {
    if (schema['type'] === 'object' && 'properties' in schema) schema['additionalProperties'] ??= false;
  }
  const ajv = new Ajv2020({ strict: false, allErrors: false, validateSchema: false, discriminator: false });
  formats.default.default(ajv);
  ajv.addFormat('snowflake', /^(0|[1-9]\d{0,19})$/);
  ajv.addFormat('nonce', /^.{0,25}$/s);
  ajv.addFormat('int32', { type: 'number', validate: (n: number) => n >= -(2 ** 31) && n < 2 ** 31 });
  ajv.addFormat('int64', { type: 'number', validate: Number.isInteger });
  ajv.addSchema(document, 'discord');
  return { document, compile: (pointer) => ajv.compile({ $ref: `discord#/${pointer}` }) };
}

/** Of the many errors of a failed union, those deepest in the body tell most. */
function tellApart(errors: readonly ErrorObject[]): Finding[] {
  const depth = ({ instancePath }: ErrorObject): number => instancePath.split('/').length;
  const deepest = Math.max(...errors.map(depth));
  const telling = errors.filter(
    (error) => depth(error) === deepest && !['oneOf', 'anyOf', '$ref'].includes(error.keyword),
  );
  const chosen = telling.length > 0 ? telling : errors;
  const seen = new Map(
    chosen.map((error): [string, Finding] => {
      const extra = (error.params as { additionalProperty?: string }).additionalProperty;
      const path = [...error.instancePath.split('/').slice(1), ...(extra === undefined ? [] : [extra])];
      const message = `${error.message ?? error.keyword}${extra === undefined ? '' : `: ${extra}`}`;
      return [`${path.join('/')} ${message}`, { rule: 'openapi', path, message, code: 'BASE_TYPE_INVALID' }];
    }),
  );
  return [...seen.values()];
}

function escapePointer(step: string): string {
  return encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'));
}
