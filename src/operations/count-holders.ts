import type { DetailedSession } from '../model/activity.ts';
import { type Application, nameApplication } from '../model/application.ts';
import { usableConnections } from '../model/capacity.ts';
import type { Clock } from '../model/clock.ts';
import type { Holders } from '../model/kill-plan.ts';
import { countSessions } from '../model/session-group.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { tallyApplications } from '../model/tally.ts';
import type { ActingDatabase } from './kill-stale-parts.ts';

/** A person waits for the result: after this the numbers are unknown. */
const FRESH_WITHIN_MS = 3_000;

/** Who holds the connections, from the grouped sample; null while it is not seen. Pure. */
export function holdersOf({ sessions, server }: Snapshot, applications: readonly Application[]): Holders | null {
  if (!sessions.ok) return null;
  const tallies = tallyApplications(sessions.value, applications).filter(({ count }) => count > 0);
  return {
    used: countSessions(sessions.value),
    ...limitsOf(server),
    applications: tallies.map(({ name, count }) => ({ name, count })),
  };
}

/** The same from the sessions one by one: only client backends count towards max_connections. Pure. */
export function holdersAmong(
  sessions: readonly DetailedSession[],
  applications: readonly Application[],
  server: Snapshot['server'],
): Holders {
  const clients = sessions.filter(({ backendType }) => backendType === 'client backend');
  const counts = [...Map.groupBy(clients, (session) => nameApplication(session, applications))]
    .map(([name, members]) => ({ name, count: members.length }))
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
  return { used: clients.length, ...limitsOf(server), applications: counts };
}

/** Counted from now on; null when no answer comes in time. */
export async function readFreshHolders({ watch, applications }: ActingDatabase, clock: Clock): Promise<Holders | null> {
  const over = new AbortController();
  // Twice: the first may have been under way, and have counted before.
  const fresh = watch.sample().then(() => watch.sample());
  const snapshot = await Promise.race([fresh, clock.sleep(FRESH_WITHIN_MS, over.signal)]);
  over.abort();
  return snapshot ? holdersOf(snapshot, applications) : null;
}

function limitsOf(server: Snapshot['server']): Pick<Holders, 'usable' | 'max'> {
  if (!server.ok) return { usable: null, max: null };
  return { usable: usableConnections(server.value.capacity), max: server.value.capacity.max };
}
