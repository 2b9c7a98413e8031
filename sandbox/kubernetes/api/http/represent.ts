import type { KubeObject } from '../object.ts';
import { apiVersionOf, type Column, type ResourceType } from '../resource-type.ts';
import type { Shape } from './negotiate.ts';

/** One object as it goes out. `now` is epoch milliseconds. */
export function representObject(type: ResourceType, object: KubeObject, shape: Shape, now: number): object {
  if (shape === 'table')
    return representTable(type, [object], { resourceVersion: object.metadata.resourceVersion }, now);
  return shape === 'metadata' ? partial(object) : ordered(object);
}

/** A list as it goes out; `metadata` is the list's own. */
export function representList(
  type: ResourceType,
  objects: readonly KubeObject[],
  metadata: object,
  shape: Shape,
  now: number,
): object {
  if (shape === 'table') return representTable(type, objects, metadata, now);
  if (shape === 'metadata')
    return { kind: 'PartialObjectMetadataList', apiVersion: META, metadata, items: objects.map(partial) };
  return {
    kind: `${type.kind}List`,
    apiVersion: apiVersionOf(type),
    metadata,
    items: type.custom ? objects.map(ordered) : objects.map(withoutKind),
  };
}

const META = 'meta.k8s.io/v1';

/** Kind first, as the server writes it; what a rehearsal made has no version yet. */
function ordered({ kind, apiVersion, metadata, ...rest }: KubeObject): object {
  const { resourceVersion, ...others } = metadata;
  return { kind, apiVersion, metadata: resourceVersion === '' ? others : metadata, ...rest };
}

/** Undefined is left out of JSON. */
function withoutKind(object: KubeObject): object {
  return { ...object, kind: undefined, apiVersion: undefined };
}

function partial({ metadata }: KubeObject): object {
  return { kind: 'PartialObjectMetadata', apiVersion: META, metadata };
}

function representTable(type: ResourceType, objects: readonly KubeObject[], metadata: object, now: number): object {
  const own: readonly Column[] = type.columns ?? [CREATED_AT];
  const columns = own.some(({ name }) => name === 'Name') ? own : [NAME, ...own];
  return {
    kind: 'Table',
    apiVersion: META,
    metadata,
    columnDefinitions: columns.map(({ name, type = 'string', wide }) => ({
      name,
      type,
      format: name === 'Name' ? 'name' : '',
      description: name,
      priority: wide ? 1 : 0,
    })),
    rows: objects.map((object) => ({
      cells: columns.map(({ cell }) => cell(object, now)),
      object: partial(object),
    })),
  };
}

const NAME: Column = { name: 'Name', cell: ({ metadata }) => metadata.name };
const CREATED_AT: Column = { name: 'Created At', cell: ({ metadata }) => metadata.creationTimestamp };
