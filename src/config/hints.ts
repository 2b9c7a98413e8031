import type { JsonSchema } from './json-schema.ts';
import type { Path } from './path.ts';

/** What the schema knows about a place in the file, for the "write …" half of a fault. */
export interface Hints {
  /** The keys that may stand in the map at a path; none where no map belongs. */
  keysAt(path: Path): readonly string[];
  /** What may be written at a path, as YAML on one line. */
  exampleAt(path: Path): string | null;
  /** Whether a map belongs at a path, a list, or a plain value. */
  kindAt(path: Path): 'map' | 'list' | 'value';
  /** Every place at which a key of this name may stand. */
  placesOf(key: string): readonly Path[];
}

export function createHints(root: JsonSchema): Hints {
  const at = (path: Path): JsonSchema | undefined => path.reduce<JsonSchema | undefined>(descend, root);
  return {
    keysAt: (path) => Object.keys(at(path)?.properties ?? {}),
    exampleAt(path) {
      const example = at(path)?.examples?.[0];
      return example === undefined ? null : toFlowYaml(example);
    },
    kindAt(path) {
      const type = at(path)?.type;
      if (type === 'object') return 'map';
      return type === 'array' ? 'list' : 'value';
    },
    placesOf: (key) => findPlaces(root, key, []),
  };
}

function descend(schema: JsonSchema | undefined, segment: string | number): JsonSchema | undefined {
  if (typeof segment === 'number') return schema?.items;
  return Object.hasOwn(schema?.properties ?? {}, segment) ? schema?.properties?.[segment] : undefined;
}

function findPlaces(schema: JsonSchema, key: string, path: Path): readonly Path[] {
  const places: Path[] = [];
  for (const [name, child] of Object.entries(schema.properties ?? {})) {
    if (name === key) places.push([...path, name]);
    places.push(...findPlaces(child, key, [...path, name]));
  }
  if (schema.items !== undefined) places.push(...findPlaces(schema.items, key, [...path, 0]));
  return places;
}

/** Plain words bare, everything that YAML could take for something else in quotes. */
function toFlowYaml(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toFlowYaml).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{ ${Object.entries(value)
      .map(([key, item]) => `${key}: ${toFlowYaml(item)}`)
      .join(', ')} }`;
  }
  return typeof value === 'string' && /^[A-Za-z./][\w./-]*$/.test(value) ? value : JSON.stringify(value);
}
