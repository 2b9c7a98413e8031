import type { DetailedSession } from './activity.ts';
import { type Application, nameApplication } from './application.ts';
import { countSessions, SESSION_STATES, type SessionGroup, type SessionState } from './session-group.ts';

/** What a list of sessions is narrowed to; null: to nothing. */
export interface SessionFilter {
  readonly application: string | null;
  readonly state: SessionState | null;
}

/** The sessions of one application from one address: in a cluster, those of one pod. */
export interface ConnectionGroup {
  readonly application: string;
  /** Null for a Unix-domain socket. */
  readonly address: string | null;
  readonly count: number;
  /** In the order of SESSION_STATES; states nobody is in are left out. */
  readonly states: readonly StateCount[];
  /** Milliseconds; null when no transaction is open. */
  readonly oldestTransactionMs: number | null;
  /** What the application has from all addresses and in all states: this is what its limit is about. */
  readonly applicationCount: number;
  readonly limit: number | null;
}

export interface StateCount {
  readonly state: SessionState;
  readonly count: number;
  /** For how long the one that came into it first has been in it, milliseconds; null where unknown. */
  readonly longestMs: number | null;
}

/** By application and address, the largest first (by name where equal); only what fits the filter. Pure. */
export function groupSessions(
  sessions: readonly SessionGroup[],
  applications: readonly Application[],
  filter: SessionFilter,
): readonly ConnectionGroup[] {
  const byApplication = Map.groupBy(sessions, (session) => nameApplication(session, applications));
  return [...byApplication]
    .flatMap(([application, all]) => {
      const limit = applications.find(({ name }) => name === application)?.limit ?? null;
      const fitting = all.filter((session) => fits({ application, state: session.state }, filter));
      return [...Map.groupBy(fitting, ({ address }) => address)].map(([address, members]) => ({
        application,
        address,
        count: countSessions(members),
        states: countStates(members),
        oldestTransactionMs: largest(members.map(({ oldestTransactionMs }) => oldestTransactionMs)),
        applicationCount: countSessions(all),
        limit,
      }));
    })
    .sort((a, b) => b.count - a.count || compare(a.application, b.application) || compare(a.address, b.address));
}

/** Single sessions as groups of one, so that both are counted by the same rules. Pure. */
export function asGroups(sessions: readonly DetailedSession[]): readonly SessionGroup[] {
  return sessions.map((session) => ({
    user: session.user,
    database: session.database,
    applicationName: session.applicationName,
    address: session.address,
    state: session.state,
    own: session.own,
    count: 1,
    lockWaits: session.waitEventType === 'Lock' ? 1 : 0,
    oldestTransactionMs: session.transactionMs,
    longestInStateMs: session.stateMs,
  }));
}

/** Whether a session of this application, in this state, belongs in the list. Pure. */
export function fits(
  session: { readonly application: string; readonly state: SessionState },
  { application, state }: SessionFilter,
): boolean {
  return (application === null || application === session.application) && (state === null || state === session.state);
}

/** Adds up the states of several groups, with the longest in each. Pure. */
export function addStates(groups: readonly ConnectionGroup[]): readonly StateCount[] {
  const all = groups.flatMap(({ states }) => states);
  return SESSION_STATES.flatMap((state) => {
    const same = all.filter((each) => each.state === state);
    const count = same.reduce((sum, each) => sum + each.count, 0);
    return count === 0 ? [] : [{ state, count, longestMs: largest(same.map(({ longestMs }) => longestMs)) }];
  });
}

function countStates(members: readonly SessionGroup[]): readonly StateCount[] {
  const byState = Map.groupBy(members, ({ state }) => state);
  return SESSION_STATES.flatMap((state) => {
    const same = byState.get(state) ?? [];
    if (same.length === 0) return [];
    return [
      { state, count: countSessions(same), longestMs: largest(same.map(({ longestInStateMs }) => longestInStateMs)) },
    ];
  });
}

/** Null when nothing is known of any. */
function largest(values: readonly (number | null)[]): number | null {
  return values.reduce((most, value) => (value === null || (most !== null && most >= value) ? most : value), null);
}

function compare(a: string | null, b: string | null): number {
  if (a === b) return 0;
  return (a ?? '') < (b ?? '') ? -1 : 1;
}
