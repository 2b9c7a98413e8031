import { isDeepStrictEqual } from 'node:util';
import { isAtomicMap, isObject, type Json, keyOf, listShape } from './list-shape.ts';

/** As in `f:spec`, `k:{"name":"c"}`, `v:"example.com/hold"`: the steps of `fieldsV1`. */
export type FieldPath = readonly string[];

/** Fields of one object, by the JSON of their path. */
export type FieldSet = ReadonlyMap<string, FieldPath>;

/** `custom`: nothing is known of its lists but that they are lists. */
export interface Walked {
  readonly custom: boolean;
}

export const NO_FIELDS: FieldSet = new Map();

/** Every field of an object that can have an owner, as an apply claims them: leaves, and items of lists. */
export function fieldsOf(object: Json, { custom }: Walked): FieldSet {
  return setOf(valuesOf(object, custom).flatMap(({ path, claimed }) => (claimed ? [path] : [])));
}

/** What an update changed: `written` got a new value or came to be, `removed` is no more. */
export function compareFields(before: Json, after: Json, { custom }: Walked): { written: FieldSet; removed: FieldSet } {
  const old = new Map(valuesOf(before, custom).map(({ path, value }) => [JSON.stringify(path), value]));
  const now = valuesOf(after, custom);
  const present = setOf(now.map(({ path }) => path));
  return {
    written: setOf(
      now
        .filter(({ path, value, whole }) => {
          const key = JSON.stringify(path);
          if (!old.has(key)) return custom || !ALWAYS_THERE.has(path.join('.'));
          return whole && !isDeepStrictEqual(old.get(key), value);
        })
        .map(({ path }) => path),
    ),
    removed: setOf([...old.keys()].filter((key) => !present.has(key)).map((key) => JSON.parse(key) as FieldPath)),
  };
}

export function union(a: FieldSet, b: FieldSet): FieldSet {
  return new Map([...a, ...b]);
}

export function difference(a: FieldSet, b: FieldSet): FieldSet {
  return new Map([...a].filter(([key]) => !b.has(key)));
}

export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  return new Map([...a].filter(([key]) => b.has(key)));
}

export function setOf(paths: readonly FieldPath[]): FieldSet {
  return new Map(paths.map((path) => [JSON.stringify(path), path]));
}

interface Value {
  readonly path: FieldPath;
  readonly value: unknown;
  /** It is compared as a whole: a scalar, something empty, or something atomic. */
  readonly whole: boolean;
  /** An apply that names it owns it; a map or a list with something in it is owned by what is in it. */
  readonly claimed: boolean;
}

function valuesOf(object: Json, custom: boolean): readonly Value[] {
  return Object.entries(object).flatMap(([name, value]) => {
    if (name === 'apiVersion' || name === 'kind') return [];
    if (name !== 'metadata') return visit([`f:${name}`], name, undefined, value, custom);
    const owned = Object.entries(isObject(value) ? value : {}).filter(([field]) => OWNED_METADATA.has(field));
    return owned.flatMap(([field, inner]) => visit(['f:metadata', `f:${field}`], field, 'metadata', inner, false));
  });
}

function visit(path: FieldPath, field: string, parent: string | undefined, value: unknown, custom: boolean): Value[] {
  const whole: Value = { path, value, whole: true, claimed: true };
  const partly: Value = { path, value, whole: false, claimed: false };
  if (value === undefined) return [];
  if (Array.isArray(value)) {
    const shape = custom ? { kind: 'atomic' as const } : listShape(field, value, parent);
    if (shape.kind === 'atomic' || value.length === 0) return [whole];
    if (shape.kind === 'set')
      return [
        partly,
        ...value.map((item) => ({ ...whole, path: [...path, `v:${JSON.stringify(item)}`], value: item })),
      ];
    const items = value.filter(isObject).flatMap((item) => {
      const keys = Object.fromEntries(shape.keys.map((key) => [key, keyOf(item, key)]));
      const at = [...path, `k:${JSON.stringify(keys)}`];
      const itself: Value[] = [{ path: at, value: keys, whole: false, claimed: true }];
      return itself.concat(members(at, field, item, custom));
    });
    return [partly, ...items];
  }
  if (!isObject(value) || Object.keys(value).length === 0 || (!custom && isAtomicMap(field))) return [whole];
  return [partly, ...members(path, field, value, custom)];
}

function members(path: FieldPath, parent: string, object: Json, custom: boolean): Value[] {
  return Object.entries(object).flatMap(([name, value]) => visit([...path, `f:${name}`], name, parent, value, custom));
}

const OWNED_METADATA: ReadonlySet<string> = new Set([
  'labels',
  'annotations',
  'finalizers',
  'ownerReferences',
  'generateName',
]);

/** What the server's own types always have, empty or null: nobody brings them into being (golden 008). */
const ALWAYS_THERE: ReadonlySet<string> = new Set([
  'f:spec',
  'f:status',
  'f:spec.f:containers',
  'f:spec.f:strategy',
  'f:spec.f:updateStrategy',
  'f:spec.f:template',
  'f:spec.f:template.f:metadata',
  'f:spec.f:template.f:spec',
  'f:spec.f:template.f:spec.f:containers',
  'f:spec.f:jobTemplate',
  'f:spec.f:jobTemplate.f:spec',
  'f:spec.f:jobTemplate.f:spec.f:template',
  'f:spec.f:jobTemplate.f:spec.f:template.f:spec',
  'f:spec.f:jobTemplate.f:spec.f:template.f:spec.f:containers',
]);
