import type { DetailedSession } from '../model/activity.ts';
import { nameApplication } from '../model/application.ts';
import type { Clock } from '../model/clock.ts';
import type { ConnectionsReport } from '../model/connections-report.ts';
import { asGroups, fits, groupSessions, type SessionFilter } from '../model/group-sessions.ts';
import { type Observed, seen } from '../model/observed.ts';
import { countSessions, SESSION_STATES, type SessionGroup, type SessionState } from '../model/session-group.ts';
import { tallyApplications } from '../model/tally.ts';
import { UserFacingError } from '../model/user-facing-error.ts';
import { answerWithin, PERSON_WAITS_MS } from './answer-within.ts';
import type { WatchedDatabase } from './read-status.ts';

/** What somebody wants to see; what is left out, or empty, narrows nothing. */
export interface ConnectionsRequest {
  readonly database?: string | undefined;
  readonly application?: string | null | undefined;
  readonly state?: string | null | undefined;
}

/**
 * The sessions of one database, read anew. Where the server does not answer, what the last sample counted stands in,
 * with its age. Throws UserFacingError for a state that there is not; an application without sessions gives an empty list.
 */
export async function readConnections(
  database: WatchedDatabase,
  request: ConnectionsRequest,
  clock: Clock,
): Promise<ConnectionsReport> {
  const filter: SessionFilter = { application: request.application || null, state: parseState(request.state) };
  const { applications, actions } = database;
  const details = await answerWithin(actions.readDetails(), PERSON_WAITS_MS, clock);
  const clients = map(details, (all) => all.filter(isClient));
  const counted: Observed<readonly SessionGroup[]> = clients.ok ? map(clients, asGroups) : database.lastSample();
  const known = counted.ok ? counted.value : [];
  return {
    database: database.name,
    at: clock.now(),
    filter,
    sessions: map(clients, (all) =>
      all
        .map((session) => ({ ...session, application: nameApplication(session, applications) }))
        .filter((session) => fits(session, filter)),
    ),
    groups: map(counted, (groups) => groupSessions(groups, applications, filter)),
    total: countSessions(known),
    holders: listHolders(known, database),
    others: details.ok ? countOthers(details.value) : [],
  };
}

/** Names for autocompletion: what is configured, and whoever held a connection at the last sample. */
export function listApplications(databases: readonly WatchedDatabase[]): readonly string[] {
  const names = databases.flatMap((database) => {
    const sample = database.lastSample();
    return tallyApplications(sample.ok ? sample.value : [], database.applications).map(({ name }) => name);
  });
  return [...new Set(names)];
}

function parseState(state: string | null | undefined): SessionState | null {
  if (state === null || state === undefined || state === '') return null;
  const known = SESSION_STATES.find((each) => each === state);
  if (known !== undefined) return known;
  throw new UserFacingError(`No state is called ${state}. There is: ${SESSION_STATES.join(', ')}.`);
}

function isClient({ backendType }: DetailedSession): boolean {
  return backendType === 'client backend';
}

function listHolders(groups: readonly SessionGroup[], { applications }: WatchedDatabase): readonly string[] {
  return tallyApplications(groups, applications).flatMap(({ name, count }) => (count > 0 ? [name] : []));
}

function countOthers(all: readonly DetailedSession[]): ConnectionsReport['others'] {
  const byType = Map.groupBy(
    all.filter((backend) => !isClient(backend)),
    ({ backendType }) => backendType,
  );
  return [...byType].map(([backendType, { length }]) => ({ backendType, count: length }));
}

function map<T, U>(observed: Observed<T>, change: (value: T) => U): Observed<U> {
  return observed.ok ? seen(change(observed.value), observed.at) : observed;
}
