import { isDeepStrictEqual } from 'node:util';
import type { KubeObject, NewObject } from '../object.ts';
import { apiVersionOf, type ResourceType } from '../resource-type.ts';
import { compareFields, difference, type FieldPath, type FieldSet, NO_FIELDS, setOf, union } from './field-set.ts';
import { isObject, type Json } from './list-shape.ts';

/** Who wrote which fields of an object: an entry of `metadata.managedFields`. */
export interface ManagedField {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  /** RFC 3339. */
  readonly time: string;
  readonly fieldsType: 'FieldsV1';
  readonly fieldsV1: Json;
  readonly subresource?: string;
}

/** Who writes, and when. */
export interface Writer {
  readonly manager: string;
  /** Empty for the object itself. */
  readonly subresource: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** The owners of the fields after an update by PUT, POST or an ordinary patch: what it wrote is the writer's alone. */
export function recordUpdate(
  type: ResourceType,
  { manager, subresource, now }: Writer,
  before: KubeObject | null,
  after: KubeObject | NewObject,
): readonly ManagedField[] {
  const custom = type.custom === true;
  const { written, removed } = compareFields(before ?? {}, after, { custom });
  const entries = managedFieldsOf(before);
  const isMine = (entry: ManagedField) =>
    entry.manager === manager && entry.operation === 'Update' && (entry.subresource ?? '') === subresource;
  const own = entries.find(isMine);
  if (written.size === 0 && removed.size === 0) return entries;
  const fresh = entryOf(type, { manager, subresource, now, operation: 'Update' });
  return sortEntries([
    ...entries
      .filter((entry) => !isMine(entry))
      .map((entry) => withFields(entry, difference(difference(decodeFields(entry), written), removed))),
    withFields(
      written.size === 0 && own ? own : fresh,
      difference(union(own ? decodeFields(own) : NO_FIELDS, written), removed),
    ),
  ]);
}

export function managedFieldsOf(object: KubeObject | NewObject | null): readonly ManagedField[] {
  return (object?.metadata.managedFields ?? []) as readonly ManagedField[];
}

export function entryOf(
  type: ResourceType,
  { manager, subresource, now, operation }: Writer & { readonly operation: ManagedField['operation'] },
): ManagedField {
  return {
    manager,
    operation,
    apiVersion: apiVersionOf(type),
    time: `${new Date(now).toISOString().slice(0, 19)}Z`,
    fieldsType: 'FieldsV1',
    fieldsV1: {},
    ...(subresource !== '' && { subresource }),
  };
}

export function withFields(entry: ManagedField, fields: FieldSet): ManagedField {
  const fieldsV1 = encodeFields(fields);
  return isDeepStrictEqual(fieldsV1, entry.fieldsV1) ? entry : { ...entry, fieldsV1 };
}

/** Entries without a field fall out; applies come first, then the older. */
export function sortEntries(entries: readonly ManagedField[]): readonly ManagedField[] {
  const rank = ({ operation, time, manager }: ManagedField) => `${operation} ${time} ${manager}`;
  return entries
    .filter(({ fieldsV1 }) => Object.keys(fieldsV1).length > 0)
    .toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1));
}

/** As `fieldsV1` nests them: `.` stands for the field itself where fields within it are named too. */
export function encodeFields(fields: FieldSet): Json {
  const root: Json = {};
  for (const path of fields.values()) {
    let at = root;
    for (const step of path) {
      const next = at[step];
      at = isObject(next) ? next : (at[step] = {});
    }
    at['.'] = {};
  }
  return foldLeaves(root);
}

export function decodeFields({ fieldsV1 }: Pick<ManagedField, 'fieldsV1'>): FieldSet {
  const paths: FieldPath[] = [];
  const visit = (node: Json, path: FieldPath): void => {
    const steps = Object.entries(node);
    if (steps.length === 0 && path.length > 0) paths.push(path);
    for (const [step, inner] of steps) {
      if (step === '.') paths.push(path);
      else if (isObject(inner)) visit(inner, [...path, step]);
    }
  };
  visit(fieldsV1, []);
  return setOf(paths);
}

function foldLeaves(node: Json): Json {
  const entries = Object.entries(node).toSorted(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length === 1 && entries[0]?.[0] === '.') return {};
  return Object.fromEntries(entries.map(([step, inner]) => [step, isObject(inner) ? foldLeaves(inner) : inner]));
}
