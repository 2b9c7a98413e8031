import { isDeepStrictEqual } from 'node:util';
import { invalidValue, requiredValue, unsupportedValue, wrongType } from '../field-errors.ts';
import type { Fault } from '../refusals.ts';

/** What of OpenAPI v3 a structural schema may use here; rules in CEL (`x-kubernetes-validations`) are not evaluated. */
export interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly nullable?: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-validations'?: readonly unknown[];
}

type Json = Record<string, unknown>;

/** What is wrong with a value, each field with its path (golden 238, 239). */
export function checkSchema(schema: Schema, value: unknown, at: string): readonly Fault[] {
  if (value === null && schema.nullable) return [];
  const odd = checkType(schema, value, at);
  if (odd.length > 0) return odd;
  const own = checkBounds(schema, value, at);
  if (schema.enum && !schema.enum.some((one) => isDeepStrictEqual(one, value)))
    own.push(unsupportedValue(at, value, schema.enum.map(String)));
  if (Array.isArray(value))
    return [
      ...own,
      ...value.flatMap((item, index) => (schema.items ? checkSchema(schema.items, item, `${at}[${index}]`) : [])),
    ];
  if (!isObject(value)) return own;
  const missing = (schema.required ?? []).filter((field) => value[field] === undefined);
  const inner = Object.entries(value).flatMap(([field, one]) => {
    const of = schemaOf(schema, field);
    return of ? checkSchema(of, one, join(at, field)) : [];
  });
  return [...own, ...missing.map((field) => requiredValue(join(at, field))), ...inner];
}

/** Takes away what the schema does not know, in place; answers the paths of what it took. */
export function pruneUnknown(schema: Schema, value: unknown, at = ''): readonly string[] {
  if (Array.isArray(value))
    return value.flatMap((item, index) => (schema.items ? pruneUnknown(schema.items, item, `${at}[${index}]`) : []));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([field, inner]) => {
    const of = schemaOf(schema, field);
    if (of) return pruneUnknown(of, inner, join(at, field));
    if (schema['x-kubernetes-preserve-unknown-fields'] || schema.additionalProperties === true) return [];
    delete value[field];
    return [join(at, field)];
  });
}

/** Puts in the defaults of what is missing, in place. */
export function fillSchemaDefaults(schema: Schema, value: unknown): void {
  if (Array.isArray(value)) {
    if (schema.items) for (const item of value) fillSchemaDefaults(schema.items, item);
    return;
  }
  if (!isObject(value)) return;
  for (const [field, of] of Object.entries(schema.properties ?? {})) {
    if (value[field] === undefined && of.default !== undefined) value[field] = structuredClone(of.default);
    if (value[field] !== undefined) fillSchemaDefaults(of, value[field]);
  }
  if (typeof schema.additionalProperties === 'object')
    for (const inner of Object.values(value)) fillSchemaDefaults(schema.additionalProperties, inner);
}

/** Whether rules in CEL stand anywhere in it. */
export function hasRules(schema: Schema): boolean {
  const { additionalProperties } = schema;
  const inner = [...Object.values(schema.properties ?? {}), ...(schema.items ? [schema.items] : [])];
  if (typeof additionalProperties === 'object') inner.push(additionalProperties);
  return (schema['x-kubernetes-validations'] ?? []).length > 0 || inner.some(hasRules);
}

function schemaOf({ properties, additionalProperties }: Schema, field: string): Schema | null {
  if (properties && Object.hasOwn(properties, field)) return properties[field] ?? null;
  return typeof additionalProperties === 'object' ? additionalProperties : null;
}

function checkType(schema: Schema, value: unknown, at: string): readonly Fault[] {
  if (schema['x-kubernetes-int-or-string'])
    return typeof value === 'string' || Number.isInteger(value) ? [] : [wrong('integer or string')];
  const { type } = schema;
  const found = Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
  const fits =
    type === undefined ||
    type === found ||
    (type === 'integer' && Number.isInteger(value)) ||
    (type === 'number' && found === 'number');
  return fits ? [] : [wrong(type)];

  function wrong(wanted: string): Fault {
    return wrongType(at, found, `${at} in body must be of type ${wanted}: ${JSON.stringify(found)}`);
  }
}

function checkBounds(schema: Schema, value: unknown, at: string): Fault[] {
  const size = typeof value === 'string' ? Array.from(value).length : Array.isArray(value) ? value.length : 0;
  const isText = typeof value === 'string';
  const isList = Array.isArray(value);
  const isNumber = typeof value === 'number';
  const bounds: readonly (readonly [boolean, string])[] = [
    [isNumber && value < (schema.minimum ?? -Infinity), `should be greater than or equal to ${schema.minimum}`],
    [isNumber && value > (schema.maximum ?? Infinity), `should be less than or equal to ${schema.maximum}`],
    [isText && size < (schema.minLength ?? 0), `should be at least ${schema.minLength} chars long`],
    [isText && size > (schema.maxLength ?? Infinity), `should be at most ${schema.maxLength} chars long`],
    [isList && size < (schema.minItems ?? 0), `should have at least ${schema.minItems} items`],
    [isList && size > (schema.maxItems ?? Infinity), `should have at most ${schema.maxItems} items`],
    [
      isText && schema.pattern !== undefined && !new RegExp(schema.pattern).test(value),
      `should match '${schema.pattern}'`,
    ],
  ];
  return bounds.filter(([broken]) => broken).map(([, why]) => invalidValue(at, value, `${at} in body ${why}`));
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function join(at: string, field: string): string {
  return at === '' ? field : `${at}.${field}`;
}
