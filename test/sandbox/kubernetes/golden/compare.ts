import { isDeepStrictEqual } from 'node:util';
import { expand } from './meanwhile.ts';
import type { Exchange } from './recording.ts';
import { isRecord } from './recording.ts';
import type { Answered } from './replay-world.ts';

/** What an answer differs in from the recorded one, each difference in a few words; nothing where it matches. */
export function compare({ request, response }: Exchange, answered: Answered): readonly string[] {
  const found: string[] = [];
  if (answered.status !== response.status) found.push(`status ${answered.status} instead of ${response.status}`);
  for (const header of ['content-type', 'warning', 'retry-after'])
    if ((answered.headers[header] ?? '') !== (response.headers[header] ?? ''))
      found.push(`${header}: ${String(answered.headers[header])} instead of ${String(response.headers[header])}`);
  const isMade = request.method === 'POST' || response.status === 201;
  diff(
    normalise(JSON.parse(expand(JSON.stringify(response.body))), { isMade, owners: ownersIn(response.body) }),
    normalise(answered.body, { isMade, owners: ownersIn(response.body) }),
    '',
    found,
  );
  return found;
}

interface Normalising {
  /** The object came to be in this exchange: its uid is new. */
  readonly isMade: boolean;
  /** The recording has managedFields here; elsewhere they were stripped from it. */
  readonly owners: boolean;
}

function normalise(value: unknown, how: Normalising, key = ''): unknown {
  if (typeof value === 'string') return normaliseText(value, how, key);
  if (Array.isArray(value)) {
    const items = value.map((item) => normalise(item, how, key));
    // The order of rules is drawn by lot there.
    return key.endsWith('Rules') ? items.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) : items;
  }
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== 'managedFields' || how.owners)
      .map(([name, inner]) => [name, normalise(inner, how, name)]),
  );
}

/** The times of two runs are never compared, only that there is one. */
function normaliseText(text: string, { isMade }: Normalising, key: string): string {
  const timeless = text
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '<time>')
    // Go's pictures of its own structs are no interface (golden 118, 271).
    .replace(/\n@@ [\s\S]*$/, '')
    .replace(/Invalid value: \{.{400,}\}: field is immutable/s, 'Invalid value: <struct>: field is immutable');
  if (!isMade) return timeless;
  if (key === 'token') return '<token>';
  const anonymous = timeless.replace(/[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}/g, '<uid>');
  return anonymous;
}

function ownersIn(body: unknown): boolean {
  return JSON.stringify(body).includes('"managedFields"');
}

function diff(wanted: unknown, got: unknown, at: string, found: string[]): void {
  if (isDeepStrictEqual(wanted, got)) return;
  if (isRecord(wanted) && isRecord(got)) {
    for (const field of new Set([...Object.keys(wanted), ...Object.keys(got)]))
      diff(wanted[field], got[field], at === '' ? field : `${at}.${field}`, found);
  } else if (Array.isArray(wanted) && Array.isArray(got) && wanted.length === got.length) {
    for (const [index, item] of wanted.entries()) diff(item, got[index], `${at}[${index}]`, found);
  } else found.push(`${at}: ${short(got)} instead of ${short(wanted)}`);
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 160 ? `${text.slice(0, 160)}…` : text;
}
