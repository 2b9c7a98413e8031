import { cut } from '../model/plain-text.ts';
import { hideCredentials } from './api-error.ts';

/** Of one text, characters: more is not even looked through. */
const LONGEST_TEXT = 4_000;
const GONE = '[redacted]';
/** What a name has in it whose value nobody should read; rather one too many. */
const SECRET_NAME = /pass|pwd|secret|token|key|credential|auth|dsn|private|salt|cookie/i;
/** What holds names and values of anybody's making. */
const OPEN_MAPS: ReadonlySet<string> = new Set(['annotations', 'attributes', 'volumeAttributes', 'attachmentMetadata']);

/**
 * An object of Kubernetes as people may read it: without managedFields, and without what is or looks like a secret: values of
 * variables, headers and annotations with such a name, arguments after such a flag, passwords in addresses, whatever
 * hideCredentials knows; the same in annotations that are JSON, as kubectl's last applied configuration. Pure.
 */
export function cleanObject(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (Array.isArray(value))
    return value.map((item: unknown, at) => (isAfterSecretFlag(value, at) ? GONE : cleanObject(item)));
  if (typeof value !== 'object' || value === null) return value;
  const isNamedSecret = 'name' in value && SECRET_NAME.test(String(value.name));
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== 'managedFields')
      .map(([key, inner]) => {
        if (isNamedSecret && key === 'value' && typeof inner === 'string') return [key, GONE];
        return [key, OPEN_MAPS.has(key) ? cleanMap(inner) : cleanObject(inner)];
      }),
  );
}

/** One text: passwords in addresses and what hideCredentials knows are out of it. Pure. */
export function cleanText(text: string): string {
  return hideCredentials(cut(text, LONGEST_TEXT).replaceAll(/:\/\/[^\s"'<>]*@/g, `://${GONE}@`));
}

function cleanMap(map: unknown): unknown {
  if (typeof map !== 'object' || map === null) return map;
  return Object.fromEntries(
    Object.entries(map).map(([key, value]: [string, unknown]) => {
      if (typeof value !== 'string') return [key, cleanObject(value)];
      const inner = readJson(value);
      if (inner !== null) return [key, JSON.stringify(cleanObject(inner))];
      return [key, SECRET_NAME.test(key) ? GONE : cleanText(value)];
    }),
  );
}

/** `--password hunter2`, as two arguments. */
function isAfterSecretFlag(list: readonly unknown[], at: number): boolean {
  const before: unknown = list[at - 1];
  return (
    typeof list[at] === 'string' && typeof before === 'string' && /^--?[\w-]+$/.test(before) && SECRET_NAME.test(before)
  );
}

/** Null: it is no object and no list. */
function readJson(text: string): object | null {
  if (!/^\s*[{[]/.test(text)) return null;
  try {
    const read: unknown = JSON.parse(text);
    return typeof read === 'object' ? read : null;
  } catch {
    return null;
  }
}
