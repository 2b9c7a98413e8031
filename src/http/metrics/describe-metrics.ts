import { describeDatabase } from './describe-database.ts';
import { type Metric, metric } from './metric-table.ts';
import type { AlertFigures, MetricsSource, OwnFigures } from './metrics-source.ts';
import { toSeconds } from './to-seconds.ts';

/** What /metrics says, as data. What is unknown is left out: a number would be a lie. Pure. */
export function describeMetrics(source: MetricsSource, own: OwnFigures): readonly Metric[] {
  return [
    metric('breakwater_build_info', { version: source.version, node: own.node }, 1),
    metric('breakwater_start_time_seconds', {}, toSeconds(source.startedAt)),
    ...source.health.parts.map(({ name, ok }) => metric('breakwater_ready', { part: name }, Number(ok))),
    ...source.databases.flatMap((database) => describeDatabase(database, source.now)),
    ...describeAlerts(source.alerts),
    ...describeServices(source),
    ...describeDelivery(source),
    ...describeOwn(own),
  ];
}

/** Series that come and go: more of them would weigh on Prometheus in the very hour that everybody looks at it. */
const MOST_ALERTS = 200;

function describeAlerts(alerts: readonly AlertFigures[]): readonly Metric[] {
  const byKind = Map.groupBy(alerts, ({ rule, severity, state }) => JSON.stringify({ rule, severity, state }));
  const counts = [...byKind.values()].flatMap((members) => {
    const [first] = members;
    if (first === undefined) return [];
    const { rule, severity, state } = first;
    return metric('breakwater_alerts', { rule, severity, state }, members.length);
  });
  const firing = alerts
    .filter(({ state }) => state !== 'pending' && state !== 'resolved')
    .sort((a, b) => Number(b.severity === 'critical') - Number(a.severity === 'critical'))
    .slice(0, MOST_ALERTS)
    .map(({ rule, database, subject, severity, state }) =>
      metric('breakwater_alert_firing', { rule, database, subject, severity, state }, 1),
    );
  return [...counts, ...firing];
}

function describeServices({ services }: MetricsSource): readonly Metric[] {
  return services.flatMap(({ service: { name }, probe }) => {
    if (!probe.ok) return [];
    const { verdict, status, tookMs, certificateExpiresAt } = probe.value;
    const labels = { service: name };
    return [
      metric('breakwater_service_up', labels, Number(verdict === 'good')),
      ...(status === null ? [] : [metric('breakwater_service_http_status', labels, status)]),
      metric('breakwater_service_probe_duration_seconds', labels, toSeconds(tookMs)),
      ...(certificateExpiresAt === null
        ? []
        : [metric('breakwater_service_certificate_expiry_timestamp_seconds', labels, toSeconds(certificateExpiresAt))]),
    ];
  });
}

function describeDelivery(source: MetricsSource): readonly Metric[] {
  const { now, gateway, outbox, deliveries, journalWritable } = source;
  const ageOf = (at: number | null): number => (at === null ? 0 : toSeconds(Math.max(0, now - at)));
  return [
    ...(gateway.acknowledgedAt === null
      ? []
      : [metric('breakwater_gateway_heartbeat_age_seconds', {}, ageOf(gateway.acknowledgedAt))]),
    metric('breakwater_outbox_waiting', {}, outbox.waiting),
    metric('breakwater_outbox_oldest_seconds', {}, ageOf(outbox.oldestAt)),
    metric('breakwater_outbox_failing_seconds', {}, ageOf(outbox.silentSince)),
    ...Object.entries(deliveries).map(([outcome, count]) => metric('breakwater_deliveries_total', { outcome }, count)),
    metric('breakwater_journal_writable', {}, Number(journalWritable)),
  ];
}

function describeOwn({ cpuMs, residentBytes, loopLagMs, webhooks }: OwnFigures): readonly Metric[] {
  return [
    ...webhooks.map(({ source, outcome, count }) =>
      metric('breakwater_webhook_requests_total', { source, outcome }, count),
    ),
    metric('breakwater_process_cpu_seconds_total', {}, toSeconds(cpuMs)),
    metric('breakwater_process_resident_memory_bytes', {}, residentBytes),
    metric('breakwater_event_loop_lag_seconds', {}, toSeconds(loopLagMs)),
  ];
}
