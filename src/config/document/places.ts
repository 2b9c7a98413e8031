import type { Path } from '../path.ts';

export interface Place {
  /** Offset of the key in the file; null for the items of a list and for the root. */
  readonly key: number | null;
  readonly start: number;
  readonly end: number;
  /** The value as it is written, for a scalar: `100000000000000001` where YAML reads a number that lost digits. */
  readonly source: string | null;
  /** Whether YAML reads the scalar as a text, rather than as a number, true or false. */
  readonly isText: boolean;
}

/** Where each value of the document stands. */
export interface Places {
  at(path: Path): Place | undefined;
  /** Offset to show for a path: of the value or its key; of the nearest parent that the file has when the path is missing. */
  offsetOf(path: Path, prefer: 'key' | 'value'): number;
  /** The innermost value that an offset lies in. */
  pathAt(offset: number): Path;
}

export function createPlaces(entries: ReadonlyMap<string, Place>): Places {
  const at = (path: Path): Place | undefined => entries.get(placeKey(path));
  return {
    at,
    offsetOf(path, prefer) {
      const exact = at(path);
      if (exact !== undefined) return prefer === 'key' ? (exact.key ?? exact.start) : exact.start;
      for (let length = path.length - 1; length >= 0; length -= 1) {
        const parent = at(path.slice(0, length));
        if (parent !== undefined) return parent.key ?? parent.start;
      }
      return 0;
    },
    pathAt(offset) {
      let innermost: Path = [];
      for (const [key, { key: from, start, end }] of entries) {
        if (offset < (from ?? start) || offset > end) continue;
        const path = JSON.parse(key) as Path;
        if (path.length >= innermost.length) innermost = path;
      }
      return innermost;
    },
  };
}

export function placeKey(path: Path): string {
  return JSON.stringify(path);
}
