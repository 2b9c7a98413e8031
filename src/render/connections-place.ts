import { createHash } from 'node:crypto';
import type { ConnectionGroup, SessionFilter } from '../model/group-sessions.ts';
import { SESSION_STATES, type SessionState } from '../model/session-group.ts';
import { UserFacingError } from '../model/user-facing-error.ts';
import { findReferred, referTo } from './name-reference.ts';

/** Where in which list somebody is: what the buttons carry, so that it survives a restart. */
export interface ConnectionsPlace {
  readonly database: string;
  readonly filter: SessionFilter;
  /** From 1. */
  readonly page: number;
  /** Of the list as it was shown; empty where nothing was. */
  readonly fingerprint: string;
}

/** Short, and never changed: buttons of old messages carry them. */
const STATE_CODES = {
  active: 'a',
  idle: 'i',
  'idle in transaction': 't',
  'idle in transaction (aborted)': 'x',
  starting: 's',
  other: 'o',
} as const satisfies Record<SessionState, string>;

const MOST_PAGES = 9_999;

/** The custom id of a button, or a form, that acts on this place; at most 100 characters whatever the names. Pure. */
export function connectionsId(action: string, { database, filter, page, fingerprint }: ConnectionsPlace): string {
  const application = filter.application === null ? '' : referTo(filter.application);
  const state = filter.state === null ? '' : STATE_CODES[filter.state];
  const parts = [referTo(database), application, state, Math.min(page, MOST_PAGES), fingerprint];
  return `db.connections:${action}:${parts.join(':')}`;
}

/** Reads what `connectionsId` wrote. Throws UserFacingError where a name is too long to be in it and not known any more. Pure. */
export function readConnectionsPlace(
  args: readonly string[],
  known: { readonly databases: readonly string[]; readonly applications: readonly string[] },
): ConnectionsPlace {
  const [database = '', application = '', code = '', page = '', fingerprint = ''] = args;
  const state = SESSION_STATES.find((each) => STATE_CODES[each] === code) ?? null;
  if (code !== '' && state === null) throw new UserFacingError(GONE);
  return {
    database: resolve(database, known.databases),
    filter: { application: application === '' ? null : resolve(application, known.applications), state },
    page: /^[1-9]\d{0,3}$/.test(page) ? Number(page) : 1,
    fingerprint,
  };
}

/** Tells one order of the groups from another, so that who turns a page is told what may have slipped by. Pure. */
export function fingerprintOf(groups: readonly ConnectionGroup[]): string {
  const names = groups.map(({ application, address }) => [application, address]);
  return createHash('sha256').update(JSON.stringify(names)).digest('hex').slice(0, 6);
}

const GONE = 'This button names something that is not known any more. Run /db connections again.';

function resolve(reference: string, candidates: readonly string[]): string {
  const name = findReferred(reference, candidates);
  if (name === null) throw new UserFacingError(GONE);
  return name;
}
