import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type YAMLMap } from 'yaml';
import type { Path } from '../path.ts';
import type { Raw } from '../raw.ts';
import { type Place, placeKey } from './places.ts';
import type { SyntaxFault } from './syntax-fault.ts';

/** Far above any real configuration; stops aliases that contain themselves or multiply. */
const MAX_NODES = 20_000;
const MAX_DEPTH = 32;

/** A key that is taken for the one it was probably meant to be, so that what stands under it is looked at too. */
export interface Slip {
  readonly parent: Path;
  readonly written: string;
  readonly meant: string;
}

/** The key that an unknown one is taken for, or null to leave it as it is. `present`: the map's keys as written. */
export type ReadKey = (parent: Path, written: string, present: readonly string[]) => string | null;

interface Plain {
  readonly data: Raw;
  readonly places: ReadonlyMap<string, Place>;
  readonly slips: readonly Slip[];
  readonly faults: readonly SyntaxFault[];
}

/**
 * Turns YAML nodes into plain data and notes where each value stands. A key without a value counts as not written
 * (`alerts:` with every line under it commented out), so its value is undefined and its place that of the key.
 */
export function toPlain(document: Document.Parsed, readKey: ReadKey): Plain {
  const places = new Map<string, Place>();
  const slips: Slip[] = [];
  const faults: SyntaxFault[] = [];
  let isTooLarge = false;

  function convert(node: unknown, path: Path, key: number | null, from: number): Raw {
    const place = placeOf(node, key, from);
    places.set(placeKey(path), place);
    if (places.size > MAX_NODES || path.length > MAX_DEPTH) {
      if (!isTooLarge) faults.push({ offset: place.start, message: TOO_LARGE, misleads: true });
      isTooLarge = true;
      return undefined;
    }
    if (!isAlias(node)) return convertValue(node, path, place.start);
    const target = node.resolve(document);
    if (target === undefined) faults.push({ offset: place.start, message: NO_ANCHOR, misleads: false });
    return convertValue(target, path, place.start);
  }

  function convertValue(node: unknown, path: Path, start: number): Raw {
    if (isMap(node)) return convertMap(node, path, start);
    if (isSeq(node)) return node.items.map((item, index) => convert(item, [...path, index], null, start));
    return isScalar(node) ? node.value : undefined;
  }

  function convertMap(map: YAMLMap, path: Path, start: number): Raw {
    // No prototype: a key named `__proto__` is then a key like any other, and reported as unknown.
    const data: Record<string, Raw> = Object.create(null) as Record<string, Raw>;
    const present = map.items.flatMap(({ key }) => (isScalar(key) && typeof key.value === 'string' ? [key.value] : []));
    for (const { key, value } of map.items) {
      if (!isScalar(key) || typeof key.value !== 'string') continue;
      const offset = rangeOf(key, start).start;
      const meant = readKey(path, key.value, present);
      if (meant !== null) {
        slips.push({ parent: path, written: key.value, meant });
        places.set(placeKey([...path, key.value]), placeOf(value, offset, start));
      }
      const name = meant ?? key.value;
      data[name] = convert(value, [...path, name], offset, start) ?? undefined;
    }
    return data;
  }

  const data = convert(document.contents, [], null, 0);
  return { data: data ?? Object.create(null), places, slips, faults };
}

const TOO_LARGE = 'is larger or nested deeper than any configuration: look for an alias that contains itself';
const NO_ANCHOR = 'names an anchor that the file has not set before: write the value here';

function placeOf(node: unknown, key: number | null, from: number): Place {
  const scalar = isScalar(node) ? node : null;
  const { start, end } = rangeOf(node, key ?? from);
  return { key, start, end, source: scalar?.source ?? null, isText: typeof scalar?.value === 'string' };
}

/** An empty value has its place at the key, where people look for it. */
function rangeOf(node: unknown, fallback: number): { start: number; end: number } {
  const range = (node as Node | null | undefined)?.range;
  if (range === null || range === undefined || range[0] === range[1]) return { start: fallback, end: fallback };
  return { start: range[0], end: range[2] };
}
