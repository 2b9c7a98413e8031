import type { Application } from '../../model/application.ts';
import { usableConnections } from '../../model/capacity.ts';
import { FOLDED_APPLICATIONS } from '../../model/history-names.ts';
import { countSessions, SESSION_STATES, type SessionGroup } from '../../model/session-group.ts';
import { tallyApplications } from '../../model/tally.ts';
import { describePlace } from './describe-place.ts';
import { type Metric, metric } from './metric-table.ts';
import type { DatabaseFigures } from './metrics-source.ts';
import { toSeconds } from './to-seconds.ts';

/** What is told of one watched database. A source that gave no answer tells nothing, rather than its last numbers. */
export function describeDatabase(figures: DatabaseFigures, now: number): readonly Metric[] {
  const { snapshot, applications, forecast, sampledAt, sampleMs, place } = figures;
  const { database, server, sessions, admission } = snapshot;
  const labels = { database };
  return [
    metric('breakwater_database_up', labels, Number(server.ok)),
    ...(admission.ok
      ? [metric('breakwater_database_admission', { database, verdict: admission.value.verdict }, 1)]
      : []),
    ...(sessions.ok ? describeSessions(database, sessions.value, applications) : []),
    ...(server.ok
      ? [
          metric('breakwater_database_connections_usable', labels, usableConnections(server.value.capacity)),
          metric('breakwater_database_connections_max', labels, server.value.capacity.max),
        ]
      : []),
    ...applications.flatMap(({ name, limit }) =>
      limit === undefined
        ? []
        : [metric('breakwater_application_connection_limit', { database, application: name }, limit)],
    ),
    ...(forecast.kind === 'exhausts'
      ? [metric('breakwater_database_forecast_exhaustion_seconds', labels, toSeconds(forecast.inMs))]
      : []),
    ...(sampledAt === null
      ? []
      : [metric('breakwater_database_sample_age_seconds', labels, toSeconds(Math.max(0, now - sampledAt)))]),
    ...(sampleMs === null ? [] : [metric('breakwater_database_sample_duration_seconds', labels, toSeconds(sampleMs))]),
    ...(place === null ? [] : describePlace(database, place)),
  ];
}

/** A role per tenant, or a secrets manager's short-lived ones, must not become a series each. */
const MOST_APPLICATIONS = 50;

function describeSessions(
  database: string,
  groups: readonly SessionGroup[],
  applications: readonly Application[],
): readonly Metric[] {
  const oldestMs = Math.max(0, ...groups.map(({ oldestTransactionMs }) => oldestTransactionMs ?? 0));
  return [
    ...countApplications(groups, applications).map(([application, count]) =>
      metric('breakwater_database_connections', { database, application }, count),
    ),
    ...SESSION_STATES.map((state) =>
      metric(
        'breakwater_database_connections_by_state',
        { database, state },
        countSessions(groups.filter((group) => group.state === state)),
      ),
    ),
    metric('breakwater_database_connections_used', { database }, countSessions(groups)),
    metric('breakwater_database_oldest_transaction_seconds', { database }, toSeconds(oldestMs)),
    metric(
      'breakwater_database_lock_waits',
      { database },
      groups.reduce((sum, { lockWaits }) => sum + lockWaits, 0),
    ),
  ];
}

/** The configured applications always, then the largest; the rest together. */
function countApplications(
  groups: readonly SessionGroup[],
  applications: readonly Application[],
): readonly (readonly [string, number])[] {
  const configured = new Set(applications.map(({ name }) => name));
  const tallies = tallyApplications(groups, applications);
  const others = tallies.filter(({ name }) => !configured.has(name));
  const kept = new Set(others.slice(0, Math.max(0, MOST_APPLICATIONS - configured.size)).map(({ name }) => name));
  const counts = new Map<string, number>();
  for (const { name, count } of tallies) {
    const label = configured.has(name) || kept.has(name) ? name : FOLDED_APPLICATIONS;
    counts.set(label, (counts.get(label) ?? 0) + count);
  }
  return [...counts];
}
