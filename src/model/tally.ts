import { type Application, nameApplication } from './application.ts';
import { countSessions, SESSION_STATES, type SessionGroup, type SessionState } from './session-group.ts';

/** The sessions of one application, as counted from the grouped sample. */
export interface ApplicationTally {
  readonly name: string;
  readonly count: number;
  readonly limit: number | null;
  readonly impact: string | null;
  readonly byState: Readonly<Partial<Record<SessionState, number>>>;
  /** Client addresses with their counts, most sessions first. */
  readonly byAddress: readonly { readonly address: string; readonly count: number }[];
}

/** Counts by application, largest first (by name where equal); a configured one without sessions is listed with 0. */
export function tallyApplications(
  groups: readonly SessionGroup[],
  applications: readonly Application[],
): readonly ApplicationTally[] {
  const byName = Map.groupBy(groups, (group) => nameApplication(group, applications));
  for (const { name } of applications) if (!byName.has(name)) byName.set(name, []);
  return [...byName]
    .map(([name, members]) => tallyOne(name, members, applications))
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
}

/** Sessions by state, in the order of SESSION_STATES; states nobody is in are left out. */
export function tallyStates(
  groups: readonly SessionGroup[],
): readonly { readonly state: SessionState; readonly count: number }[] {
  return SESSION_STATES.map((state) => ({
    state,
    count: countSessions(groups.filter((group) => group.state === state)),
  })).filter(({ count }) => count > 0);
}

function tallyOne(name: string, groups: SessionGroup[], applications: readonly Application[]): ApplicationTally {
  const entry = applications.find((application) => application.name === name);
  const byAddress = [...Map.groupBy(groups, (group) => group.address ?? 'local socket')]
    .map(([address, members]) => ({ address, count: countSessions(members) }))
    .sort((a, b) => b.count - a.count || (a.address < b.address ? -1 : 1));
  return {
    name,
    count: countSessions(groups),
    limit: entry?.limit ?? null,
    impact: entry?.impact ?? null,
    byState: Object.fromEntries(tallyStates(groups).map(({ state, count }) => [state, count])),
    byAddress,
  };
}
