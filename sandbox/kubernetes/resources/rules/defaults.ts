import { copyJson } from '../../api/copy-json.ts';
/** JSON of one object, in the making. */
// oxlint-disable-next-line typescript/no-explicit-any -- JSON of many kinds, as handed in
export type Draft = Record<string, any>;

/** Fills in what is left out, and leaves alone what is there, null counting as left out. */
export function fill(target: Draft, defaults: Draft): void {
  for (const [field, value] of Object.entries(defaults)) target[field] ??= copyJson(value);
}

/** What should be a list of objects and may be anything. */
export function draftsIn(list: unknown): readonly Draft[] {
  return Array.isArray(list) ? list.filter((item): item is Draft => typeof item === 'object' && item !== null) : [];
}

/** The object in a field, put there where it is missing. */
export function within(target: Draft, field: string): Draft {
  const inner: unknown = target[field];
  if (typeof inner === 'object' && inner !== null) return inner;
  const made: Draft = {};
  target[field] = made;
  return made;
}
