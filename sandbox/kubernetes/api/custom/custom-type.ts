import { refuse } from '../access/refuse.ts';
import { invalidValue, refuseInvalid } from '../field-errors.ts';
import type { KubeObject, NewObject } from '../object.ts';
import type { ResourceType } from '../resource-type.ts';
import { StatusError } from '../status-error.ts';
import type { DefinedVersion, Definition } from './definition.ts';
import { checkSchema, fillSchemaDefaults, hasRules, pruneUnknown, type Schema } from './schema.ts';

/** Bytes that etcd takes in one write. */
const LARGEST = 1.5 * 1_024 * 1_024;

/** The type that a definition describes, in the version that is stored; `read` gives the definition as it is now. */
export function customTypeOf(read: () => KubeObject): ResourceType {
  const { group, scope, names, versions } = definitionOf(read());
  const version = storedVersion(versions);
  const { subresources = {}, additionalPrinterColumns = [], selectableFields = [] } = version;
  const schema = version.schema?.openAPIV3Schema ?? {};
  return {
    group,
    version: version.name,
    kind: names.kind,
    plural: names.plural,
    singular: names.singular,
    shortNames: names.shortNames ?? [],
    categories: names.categories ?? [],
    namespaced: scope === 'Namespaced',
    custom: true,
    hasGeneration: true,
    demandsResourceVersion: true,
    subresources: (['status', 'scale'] as const).filter((name) => subresources[name] !== undefined),
    selectableFields: selectableFields.map(({ jsonPath }) => jsonPath.replace(/^\./, '')),
    columns: additionalPrinterColumns.map(({ name, jsonPath }) => ({
      name,
      cell: (object) => cellOf(valueAt(object, jsonPath)),
    })),
    prune: (object) => prune(schema, object),
    applyDefaults: (object) => fillSchemaDefaults(schema, object),
    validate: (object, before) => {
      if (before === null && read().metadata.deletionTimestamp !== undefined)
        throw refuse(
          { group, plural: names.plural },
          object.metadata.name,
          'create not allowed while custom resource definition is terminating',
        );
      check(schema, { group, kind: names.kind }, object);
    },
  };
}

export function definitionOf({ spec }: KubeObject): Definition {
  return spec as Definition;
}

export function storedVersion(versions: readonly DefinedVersion[]): DefinedVersion {
  const version = versions.find(({ storage }) => storage) ?? versions[0];
  if (!version) throw new StatusError(422, 'Invalid', 'spec.versions: Required value');
  return version;
}

/** What the server keeps of every object is none of the schema's. */
function prune(schema: Schema, object: NewObject): readonly string[] {
  const { apiVersion, kind, metadata, ...rest } = object;
  const taken = pruneUnknown(schema, rest);
  for (const field of Object.keys(object)) delete object[field];
  Object.assign(object, { apiVersion, kind, metadata }, rest);
  return taken;
}

/** Golden 238, 239, 256. */
function check(schema: Schema, type: { readonly group: string; readonly kind: string }, object: KubeObject): void {
  const { apiVersion: _, kind: __, metadata, ...rest } = object;
  const errors = checkSchema(schema, rest, '');
  const unchecked = invalidValue(
    '<nil>',
    null,
    'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
  );
  refuseInvalid(type, metadata.name, errors.length > 0 && hasRules(schema) ? [...errors, unchecked] : errors);
  if (JSON.stringify(object).length > LARGEST) throw new StatusError(500, '', 'etcdserver: request is too large');
}

function cellOf(value: unknown): string | number {
  if (typeof value === 'string' || typeof value === 'number') return value;
  return value === undefined ? '' : JSON.stringify(value);
}

function valueAt(object: KubeObject, jsonPath: string): unknown {
  return jsonPath
    .split('.')
    .filter(Boolean)
    .reduce<unknown>(
      (value, field) =>
        typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[field] : undefined,
      object,
    );
}
