interface MetricDescription {
  readonly type: 'gauge' | 'counter';
  /** One sentence without a full stop: what it counts, and when it is absent. */
  readonly help: string;
  readonly labels: readonly string[];
}

const DATABASE = ['database'] as const;

/** Every metric there is, in the order of /metrics; docs/metrics.md is generated from it. What is unknown is absent, never 0. */
export const METRICS = {
  breakwater_build_info: {
    type: 'gauge',
    help: 'Always 1; the versions are in the labels',
    labels: ['version', 'node'],
  },
  breakwater_start_time_seconds: { type: 'gauge', help: 'When the bot started, in Unix time', labels: [] },
  breakwater_ready: { type: 'gauge', help: 'Whether each part of /readyz works', labels: ['part'] },
  breakwater_database_up: { type: 'gauge', help: 'Whether the session to the server is held', labels: DATABASE },
  breakwater_database_admission: {
    type: 'gauge',
    help: 'Always 1, for the verdict of the newest ordinary connection attempt; absent when unknown',
    labels: ['database', 'verdict'],
  },
  breakwater_database_connections: {
    type: 'gauge',
    help: 'Client backends per application; those beyond 50 applications are counted as other',
    labels: ['database', 'application'],
  },
  breakwater_database_connections_by_state: {
    type: 'gauge',
    help: 'Client backends per state of pg_stat_activity',
    labels: ['database', 'state'],
  },
  breakwater_database_connections_used: { type: 'gauge', help: 'Client backends in all', labels: DATABASE },
  breakwater_database_connections_usable: {
    type: 'gauge',
    help: 'Connections that an ordinary role can take: max_connections less the reserved ones',
    labels: DATABASE,
  },
  breakwater_database_connections_max: { type: 'gauge', help: 'max_connections', labels: DATABASE },
  breakwater_application_connection_limit: {
    type: 'gauge',
    help: 'The configured limit of an application; absent where none is set',
    labels: ['database', 'application'],
  },
  breakwater_database_forecast_exhaustion_seconds: {
    type: 'gauge',
    help: 'When the last usable connection will be taken, from now; absent while nothing points that way',
    labels: DATABASE,
  },
  breakwater_database_oldest_transaction_seconds: {
    type: 'gauge',
    help: 'Age of the oldest open transaction; 0 while none is open',
    labels: DATABASE,
  },
  breakwater_database_lock_waits: { type: 'gauge', help: 'Sessions that wait for a lock', labels: DATABASE },
  breakwater_database_sample_age_seconds: {
    type: 'gauge',
    help: 'Since the sessions were last counted; absent before the first time',
    labels: DATABASE,
  },
  breakwater_database_sample_duration_seconds: {
    type: 'gauge',
    help: 'How long the newest count of the sessions took; absent while they are not seen',
    labels: DATABASE,
  },
  breakwater_orphaned_sessions: {
    type: 'gauge',
    help: 'Client backends whose pod is gone; absent when unknown',
    labels: DATABASE,
  },
  breakwater_workload_pods_desired: {
    type: 'gauge',
    help: 'Pods that PostgreSQL or a dependent should have; absent when unknown, or when there is no such workload',
    labels: ['database', 'workload'],
  },
  breakwater_workload_pods_ready: {
    type: 'gauge',
    help: 'Pods of it that are ready and not on their way out; absent when unknown',
    labels: ['database', 'workload'],
  },
  breakwater_node_ready: {
    type: 'gauge',
    help: 'Whether the node under PostgreSQL is Ready; absent when unknown',
    labels: ['database', 'node'],
  },
  breakwater_backup_last_success_timestamp_seconds: {
    type: 'gauge',
    help: 'When the last backup succeeded, in Unix time; absent when unknown, or when none has',
    labels: DATABASE,
  },
  breakwater_alerts: { type: 'gauge', help: 'Living alerts', labels: ['rule', 'severity', 'state'] },
  breakwater_alert_firing: {
    type: 'gauge',
    help: 'Always 1, for each alert that is firing, acknowledged or silenced; 200 at most, critical ones first',
    labels: ['rule', 'database', 'subject', 'severity', 'state'],
  },
  breakwater_service_up: {
    type: 'gauge',
    help: 'Whether the newest probe of a service was good; absent when unknown',
    labels: ['service'],
  },
  breakwater_service_http_status: {
    type: 'gauge',
    help: 'The HTTP status of the newest probe; absent where none came',
    labels: ['service'],
  },
  breakwater_service_probe_duration_seconds: {
    type: 'gauge',
    help: 'How long the newest probe of a service took',
    labels: ['service'],
  },
  breakwater_service_certificate_expiry_timestamp_seconds: {
    type: 'gauge',
    help: 'When the certificate of a service ends, in Unix time',
    labels: ['service'],
  },
  breakwater_gateway_heartbeat_age_seconds: {
    type: 'gauge',
    help: 'Since Discord last acknowledged a heartbeat; absent before the first time',
    labels: [],
  },
  breakwater_outbox_waiting: { type: 'gauge', help: 'Messages that wait to be delivered', labels: [] },
  breakwater_outbox_oldest_seconds: {
    type: 'gauge',
    help: 'How long the oldest undelivered message has waited; 0 while none waits',
    labels: [],
  },
  breakwater_outbox_failing_seconds: {
    type: 'gauge',
    help: 'For how long no message at all has got through to Discord; 0 while any does',
    labels: [],
  },
  breakwater_deliveries_total: {
    type: 'counter',
    help: 'Attempts to deliver a message, by how they ended',
    labels: ['outcome'],
  },
  breakwater_journal_writable: { type: 'gauge', help: 'Whether the journal takes events', labels: [] },
  breakwater_webhook_requests_total: {
    type: 'counter',
    help: 'Requests to the webhooks, by how they ended',
    labels: ['source', 'outcome'],
  },
  breakwater_process_cpu_seconds_total: { type: 'counter', help: 'CPU time of the bot, user and system', labels: [] },
  breakwater_process_resident_memory_bytes: { type: 'gauge', help: 'Resident memory of the bot', labels: [] },
  breakwater_event_loop_lag_seconds: {
    type: 'gauge',
    help: 'How long the event loop took to come round while this was collected',
    labels: [],
  },
} as const satisfies Readonly<Record<`breakwater_${string}`, MetricDescription>>;

export type MetricName = keyof typeof METRICS;

/** One value under one set of labels. */
export interface Metric {
  readonly name: MetricName;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A value with exactly the labels that its metric has. */
export function metric<Name extends MetricName>(
  name: Name,
  labels: Readonly<Record<(typeof METRICS)[Name]['labels'][number], string>>,
  value: number,
): Metric {
  return { name, labels: labels, value };
}
