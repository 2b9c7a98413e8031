import { isDeepStrictEqual } from 'node:util';
import { StatusError } from '../status-error.ts';

export interface JsonPatchOperation {
  readonly op: string;
  readonly path: string;
  readonly from?: string;
  readonly value?: unknown;
}

/**
 * RFC 6902. Throws StatusError 422 where a test fails or a path leads nowhere; which of them the server does not say
 * (golden 056, 057). Changes neither of the two.
 */
export function applyJsonPatch(target: unknown, operations: readonly JsonPatchOperation[]): unknown {
  return operations.reduce<unknown>(applyOperation, structuredClone(target));
}

function applyOperation(document: unknown, { op, path, from, value }: JsonPatchOperation): unknown {
  switch (op) {
    case 'test':
      if (!isDeepStrictEqual(read(document, path), value)) throw refused();
      return document;
    case 'add':
      return add(document, path, structuredClone(value));
    case 'remove':
      return remove(document, path);
    case 'replace':
      read(document, path);
      return path === '' ? structuredClone(value) : add(remove(document, path), path, structuredClone(value));
    case 'copy':
      return add(document, path, structuredClone(read(document, from ?? '')));
    case 'move': {
      if (path.startsWith(`${from}/`)) throw refused();
      const moved = read(document, from ?? '');
      return add(remove(document, from ?? ''), path, moved);
    }
    default:
      throw refused();
  }
}

type Place =
  | { readonly list: unknown[]; readonly index: number }
  | { readonly map: Record<string, unknown>; readonly key: string };

/** Where the last part of a path points to; `end` is where a list may grow. */
function placeOf(document: unknown, path: string, mayGrow: boolean): Place {
  const parts = partsOf(path);
  const key = parts.pop() ?? '';
  const parent = parts.reduce<unknown>(step, document);
  if (Array.isArray(parent)) {
    const index = key === '-' && mayGrow ? parent.length : indexOf(key);
    if (index >= parent.length + (mayGrow ? 1 : 0)) throw refused();
    return { list: parent, index };
  }
  if (typeof parent !== 'object' || parent === null) throw refused();
  return { map: parent as Record<string, unknown>, key };
}

function add(document: unknown, path: string, value: unknown): unknown {
  if (path === '') return value;
  const place = placeOf(document, path, true);
  if ('list' in place) place.list.splice(place.index, 0, value);
  else Object.defineProperty(place.map, place.key, { value, writable: true, enumerable: true, configurable: true });
  return document;
}

function remove(document: unknown, path: string): unknown {
  read(document, path);
  const place = placeOf(document, path, false);
  if ('list' in place) place.list.splice(place.index, 1);
  else delete place.map[place.key];
  return document;
}

function read(document: unknown, path: string): unknown {
  return partsOf(path).reduce<unknown>(step, document);
}

function step(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) throw refused();
  const at = Array.isArray(value) ? String(indexOf(key)) : key;
  if (!Object.hasOwn(value, at)) throw refused();
  return (value as Record<string, unknown>)[at];
}

function partsOf(path: string): string[] {
  if (path === '') return [];
  if (!path.startsWith('/')) throw refused();
  return path
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function indexOf(key: string): number {
  if (!/^(0|[1-9]\d*)$/.test(key)) throw refused();
  return Number(key);
}

function refused(): StatusError {
  return new StatusError(422, 'Invalid', 'the server rejected our request due to an error in our request', {});
}
