import type { Application } from '../model/application.ts';
import { usableConnections } from '../model/capacity.ts';
import type { Clock } from '../model/clock.ts';
import type { DatabaseActions } from '../model/database-actions.ts';
import { findClosest } from '../model/did-you-mean.ts';
import type { History } from '../model/history.ts';
import type { Observed } from '../model/observed.ts';
import type { ClusterPlace } from '../model/place.ts';
import { readTrend } from '../model/read-trend.ts';
import type { SessionGroup } from '../model/session-group.ts';
import type { FiringAlert, StatusReport } from '../model/status-report.ts';
import { tallyApplications } from '../model/tally.ts';
import { UserFacingError } from '../model/user-facing-error.ts';
import type { DatabaseWatch } from '../watch/watch-database.ts';

/** One watched database, as the operations know it. */
export interface WatchedDatabase {
  readonly name: string;
  readonly applications: readonly Application[];
  /** Connections at which `connections-total` fires; null while unknown or off. */
  fireAt(): number | null;
  readonly watch: DatabaseWatch;
  readonly history: History;
  /** Its second held session: for people who look closely. */
  readonly actions: Pick<DatabaseActions, 'readDetails' | 'readLockTree'>;
  /** The newest sample that was answered, however old; unseen only before the first one. */
  lastSample(): Observed<readonly SessionGroup[]>;
  firing(): readonly FiringAlert[];
  /** Where it runs, as it is known without asking anybody; null where no cluster is configured. */
  place(): ClusterPlace | null;
  /** How many silences are in force, on whatever. */
  silences(): number;
}

/** A person waits: after this the last snapshot is shown, with its age. */
const FRESH_WITHIN_MS = 1_500;

/** Finds the database a person means. Throws UserFacingError that names the choices. */
export function chooseDatabase<T extends { readonly name: string }>(
  databases: readonly T[],
  name: string | undefined,
): T {
  const names = databases.map((database) => database.name).join(', ');
  if (name === undefined || name === '') {
    const [only] = databases;
    if (only && databases.length === 1) return only;
    throw new UserFacingError(`Several databases are watched. Say which one: ${names}.`);
  }
  const database = databases.find((candidate) => candidate.name === name);
  if (database) return database;
  const closest = findClosest(
    name,
    databases.map((candidate) => candidate.name),
  );
  const meant = closest === null ? '' : ` Did you mean ${closest}?`;
  throw new UserFacingError(`No database is named ${name}.${meant} There is: ${names}.`);
}

/**
 * The state of one database. The numbers come from its held session and need no new connection; the canary tries one
 * beside it. Never rejects on a silent server: what is not answered in time is shown as it was last seen, with its age.
 */
export async function readStatus(database: WatchedDatabase, clock: Clock): Promise<StatusReport> {
  const over = new AbortController();
  // One after the other, so that the canary's own session is not among the counted ones.
  const fresh = database.watch.sample().then(() => database.watch.probe());
  await Promise.race([fresh, clock.sleep(FRESH_WITHIN_MS, over.signal)]);
  over.abort();
  const snapshot = database.watch.latest();
  const { sessions, server } = snapshot;
  const at = clock.now();
  const usable = server.ok ? usableConnections(server.value.capacity) : null;
  return {
    database: database.name,
    at,
    snapshot,
    applications: sessions.ok ? tallyApplications(sessions.value, database.applications) : [],
    alerts: database.firing(),
    silences: database.silences(),
    place: database.place(),
    history: database.history,
    configured: database.applications,
    fireAt: database.fireAt(),
    forecast: readTrend(database.history, usable, at).forecast,
  };
}
