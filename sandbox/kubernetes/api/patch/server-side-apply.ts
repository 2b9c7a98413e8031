import { isDeepStrictEqual } from 'node:util';
import type { KubeObject, NewObject, ObjectMeta } from '../object.ts';
import { apiVersionOf, type ResourceType } from '../resource-type.ts';
import { StatusError } from '../status-error.ts';
import {
  compareFields,
  difference,
  type FieldPath,
  type FieldSet,
  fieldsOf,
  intersection,
  NO_FIELDS,
} from './field-set.ts';
import { isAtomicMap, isObject, type Json, keyOf, listShape } from './list-shape.ts';
import {
  decodeFields,
  entryOf,
  type ManagedField,
  managedFieldsOf,
  sortEntries,
  withFields,
} from './managed-fields.ts';

export interface Apply {
  readonly manager: string;
  readonly force: boolean;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * The object after an apply, with its `managedFields`; `before` null creates. What the manager applied the last time and
 * names no more goes, unless somebody else owns it too. Throws 409 with a cause for each field that another manager owns and
 * that would change, unless forced.
 */
export function applyServerSide(
  type: ResourceType,
  { manager, force, now }: Apply,
  before: KubeObject | null,
  config: NewObject,
): KubeObject | NewObject {
  const custom = type.custom === true;
  const entries = managedFieldsOf(before);
  const isMine = (entry: ManagedField) => entry.operation === 'Apply' && entry.manager === manager;
  const own = entries.find(isMine);
  const others = entries.filter((entry) => !isMine(entry));
  const applied = fieldsOf(config, { custom });
  const mergedWhole = mergeApplied(withoutOwners(before ?? {}), withoutOwners(config), custom);
  const ofOthers = others.map((entry) => decodeFields(entry));
  const dropped = difference(own ? decodeFields(own) : NO_FIELDS, applied);
  const isKept = (path: FieldPath) =>
    ofOthers.some((fields) => [...fields.values()].some((other) => leadsTo(path, other)));
  // Items before what is in them: without its key an item is not found any more.
  const abandoned = [...dropped.values()].filter((path) => !isKept(path)).toSorted((a, b) => a.length - b.length);
  const after = abandoned.reduce((object, path) => removeAt(object, path), mergedWhole);

  const { written } = compareFields(before ?? {}, after, { custom });
  const conflicts = others.map((entry, at) => ({ entry, fields: intersection(ofOthers[at] ?? NO_FIELDS, written) }));
  const real = conflicts.filter(({ fields }) => fields.size > 0);
  if (real.length > 0 && !force) throw conflictOf(real);
  const managedFields = sortEntries([
    ...conflicts.map(({ entry, fields }) => withFields(entry, difference(decodeFields(entry), fields))),
    claim(own, withFields(entryOf(type, { manager, subresource: '', now, operation: 'Apply' }), applied)),
  ]);
  const metadata = { ...(after['metadata'] as Partial<ObjectMeta>), managedFields: [...managedFields] };
  return { ...after, apiVersion: apiVersionOf(type), kind: type.kind, metadata };
}

/** An apply of the same fields again leaves the entry as it was, its time too. */
function claim(own: ManagedField | undefined, fresh: ManagedField): ManagedField {
  return own && isDeepStrictEqual(own.fieldsV1, fresh.fieldsV1) ? own : fresh;
}

function withoutOwners(object: KubeObject | NewObject | Json): Json {
  const { managedFields: _, ...metadata } = isObject(object['metadata']) ? object['metadata'] : {};
  return { ...object, metadata };
}

function mergeApplied(live: Json, config: Json, custom: boolean, field?: string): Json {
  const merged: Json = { ...live };
  for (const [name, value] of Object.entries(config)) merged[name] = mergeValue(live[name], value, custom, name, field);
  return merged;
}

function mergeValue(
  live: unknown,
  value: unknown,
  custom: boolean,
  field: string,
  parent: string | undefined,
): unknown {
  if (isObject(value) && isObject(live))
    return !custom && isAtomicMap(field) ? value : mergeApplied(live, value, custom, field);
  if (!Array.isArray(value) || !Array.isArray(live)) return value;
  const shape =
    custom && parent !== 'metadata' ? { kind: 'atomic' as const } : listShape(field, [...live, ...value], parent);
  if (shape.kind === 'atomic') return value;
  if (shape.kind === 'set') return [...live, ...value.filter((item) => !live.includes(item))];
  const same = (a: unknown, b: unknown) =>
    isObject(a) && isObject(b) && shape.keys.every((key) => isDeepStrictEqual(keyOf(a, key), keyOf(b, key)));
  const items = live.map((item) => {
    const found: unknown = value.find((one) => same(one, item));
    return isObject(found) && isObject(item) ? mergeApplied(item, found, custom) : item;
  });
  return [...items, ...value.filter((item) => !live.some((one) => same(one, item)))];
}

function leadsTo(path: FieldPath, other: FieldPath): boolean {
  return path.every((step, at) => other[at] === step);
}

/** A map or a list that nothing is left in goes too. */
function removeAt(value: Json, [step = '', ...rest]: FieldPath): Json {
  const name = step.slice(2);
  const inner = value[name];
  const others = Object.fromEntries(Object.entries(value).filter(([field]) => field !== name));
  if (rest.length === 0) return others;
  const left = Array.isArray(inner) ? removeFromList(inner, rest) : isObject(inner) ? removeAt(inner, rest) : inner;
  const isEmptied = typeof left === 'object' && left !== null && Object.keys(left).length === 0;
  return isEmptied ? others : { ...value, [name]: left };
}

function removeFromList(items: readonly unknown[], [step = '', ...rest]: FieldPath): readonly unknown[] {
  const wanted: unknown = JSON.parse(step.slice(2));
  const isMeant = (item: unknown) =>
    isObject(wanted) && isObject(item)
      ? Object.entries(wanted).every(([key, value]) => isDeepStrictEqual(keyOf(item, key), value))
      : isDeepStrictEqual(item, wanted);
  if (rest.length === 0) return items.filter((item) => !isMeant(item));
  return items.map((item) => (isObject(item) && isMeant(item) ? removeAt(item, rest) : item));
}

function conflictOf(conflicts: readonly { readonly entry: ManagedField; readonly fields: FieldSet }[]): StatusError {
  const found = conflicts.map(({ entry, fields }) => ({
    who: `"${entry.manager}"${entry.operation === 'Apply' ? '' : ` using ${entry.apiVersion}`}`,
    fields: [...fields.values()].map(asWritten).toSorted(),
  }));
  const count = found.reduce((sum, { fields }) => sum + fields.length, 0);
  const said = found.map(({ who, fields }) =>
    fields.length === 1
      ? `conflict with ${who}: ${fields[0] ?? ''}`
      : `conflicts with ${who}:\n${fields.map((field) => `- ${field}`).join('\n')}`,
  );
  return new StatusError(
    409,
    'Conflict',
    `Apply failed with ${count} conflict${count === 1 ? '' : 's'}: ${said.join('\n')}`,
    {
      causes: found.flatMap(({ who, fields }) =>
        fields.map((field) => ({ reason: 'FieldManagerConflict', message: `conflict with ${who}`, field })),
      ),
    },
  );
}

/** As in `.spec.template.spec.containers[name="c"].image`. */
function asWritten(path: FieldPath): string {
  return path
    .map((step) => {
      if (step.startsWith('f:')) return `.${step.slice(2)}`;
      if (step.startsWith('v:')) return `[=${step.slice(2)}]`;
      const keys = Object.entries(JSON.parse(step.slice(2)) as Json);
      return `[${keys.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(',')}]`;
    })
    .join('');
}
