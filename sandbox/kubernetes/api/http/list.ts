import type { KubeObject } from '../object.ts';
import { badRequest } from '../refusals.ts';
import { parseFieldSelector } from '../selectors/field-selector.ts';
import { parseLabelSelector } from '../selectors/label-selector.ts';
import { StatusError } from '../status-error.ts';
import { parseContinueToken, printContinueToken } from './continue-token.ts';
import type { Answer, Call } from './exchange.ts';
import { ok } from './exchange.ts';
import type { Shape } from './negotiate.ts';
import { representList } from './represent.ts';

/** What a list or a watch is narrowed to. Throws StatusError 400. */
export function selectorOf({ type, query, route }: Call): (object: KubeObject) => boolean {
  const labels = parseLabelSelector(query.get('labelSelector') ?? '');
  const fields = parseFieldSelector(type, query.get('fieldSelector') ?? '');
  return (object) =>
    (route.name === null || object.metadata.name === route.name) &&
    labels(object.metadata.labels ?? {}) &&
    fields(object);
}

/** Golden 154–176, 301–307. */
export async function list(call: Call, shape: Shape): Promise<Answer> {
  const { world, type, route, query } = call;
  const selects = selectorOf(call);
  const page = await readPage(call);
  const all = page.exact
    ? world.history.at(page.revision, type, route.namespace)
    : world.api.list(type, route.namespace);
  if (all === null) throw expired(page.after);
  const place = (object: KubeObject): string => placeOf(object, route.namespace);
  const selected = all.filter((object) => (page.after === null || place(object) > page.after) && selects(object));
  const items = page.limit === null ? selected : selected.slice(0, page.limit);
  const last = items.at(-1);
  const rest = selected.length - items.length;
  const isNarrowed = Boolean(query.get('labelSelector') || query.get('fieldSelector'));
  const metadata = {
    resourceVersion: String(page.revision),
    // Lists of custom resources say so where they end (golden 233).
    ...(type.custom && { continue: '' }),
    ...(rest > 0 && last && { continue: printContinueToken({ revision: page.revision, after: place(last) }) }),
    ...(rest > 0 && !isNarrowed && { remainingItemCount: rest }),
  };
  return ok(representList(type, items, metadata, shape, world.clock.now()));
}

interface Page {
  /** As things stood at `revision`, or else as they stand. */
  readonly exact: boolean;
  readonly revision: number;
  readonly after: string | null;
  readonly limit: number | null;
}

async function readPage({ world, query }: Call): Promise<Page> {
  const limit = Number(query.get('limit') ?? 0) || null;
  const asked = parseRevision(query.get('resourceVersion'));
  const token = query.get('continue');
  if (token) {
    if (asked !== null && asked !== 0)
      throw badRequest('specifying resource version is not allowed when using continue');
    const { revision, after } = parseContinueToken(token);
    return { exact: revision !== null, revision: revision ?? world.api.revision(), after, limit };
  }
  await untilReached(world, asked ?? 0);
  const match = query.get('resourceVersionMatch') ?? (limit === null ? 'NotOlderThan' : 'Exact');
  // Version 0 is whatever the server has at hand, and all of it (golden 162).
  if (asked === 0) return { exact: false, revision: world.api.revision(), after: null, limit: null };
  if (asked !== null && match === 'Exact') return { exact: true, revision: asked, after: null, limit };
  return { exact: false, revision: world.api.revision(), after: null, limit };
}

/** Throws StatusError 504 for a version of the future, after the three seconds in which it might have come (golden 163). */
async function untilReached({ api, clock }: Call['world'], revision: number): Promise<void> {
  if (revision <= api.revision()) return;
  await clock.sleep(3_000);
  if (revision <= api.revision()) return;
  throw new StatusError(
    504,
    'Timeout',
    `Timeout: Too large resource version: ${revision}, current: ${api.revision()}`,
    {
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
      retryAfterSeconds: 1,
    },
  );
}

/** Null where none is given. Throws StatusError 500, as the server does (golden 172). */
export function parseRevision(text: string | null): number | null {
  if (text === null || text === '') return null;
  if (/^\d+$/.test(text)) return Number(text);
  throw new StatusError(
    500,
    '',
    `resourceVersion: Invalid value: "${text}": strconv.ParseUint: parsing "${text}": invalid syntax`,
  );
}

function expired(after: string | null): StatusError {
  if (after === null) return new StatusError(410, 'Expired', 'The resourceVersion for the provided list is too old.');
  return new StatusError(410, 'Expired', CONTINUE_EXPIRED, undefined, {
    continue: printContinueToken({ revision: null, after }),
  });
}

const CONTINUE_EXPIRED =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.';

/** In the order of the list; within one namespace, or of what is in none, the name alone tells. */
function placeOf({ metadata }: KubeObject, namespace: string | null): string {
  return namespace === null && metadata.namespace !== undefined
    ? `${metadata.namespace}/${metadata.name}`
    : metadata.name;
}
