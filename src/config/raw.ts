/**
 * Reading what YAML gave before (or although) the schema refused it: checks across keys look at the well-formed parts
 * only, so that one fault never hides another.
 */
export type Raw = unknown;

/** The value under a key, or undefined where there is no map or no such key. */
export function field(value: Raw, ...keys: readonly string[]): Raw {
  return keys.reduce<Raw>((at, key) => (isMap(at) && Object.hasOwn(at, key) ? at[key] : undefined), value);
}

/** The items of a list; none where there is no list. */
export function items(value: Raw): readonly Raw[] {
  return Array.isArray(value) ? value : [];
}

/** A text, or undefined for anything else. */
export function text(value: Raw): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function isMap(value: Raw): value is Readonly<Record<string, Raw>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
