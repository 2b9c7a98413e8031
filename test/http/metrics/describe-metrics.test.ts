import { describe, expect, test } from 'vitest';
import { describeMetrics } from '../../../src/http/metrics/describe-metrics.ts';
import type { DatabaseFigures, MetricsSource, OwnFigures } from '../../../src/http/metrics/metrics-source.ts';
import { seen, unseen } from '../../../src/model/observed.ts';
import type { Probe } from '../../../src/model/service-state.ts';
import { admission, alert, group, NOW, serverFacts, snapshot } from '../../support/builders.ts';
import { node, place, pod, watched } from '../../support/place-builders.ts';
import { metricsSource } from '../start-server.ts';

const OWN: OwnFigures = { node: '24.21.0', cpuMs: 1_500, residentBytes: 1e8, loopLagMs: 2, webhooks: [] };

/** The values of one metric, by its labels' values. */
function valuesOf(name: string, source: Partial<MetricsSource>, own: OwnFigures = OWN): Record<string, number> {
  const all = describeMetrics(metricsSource(source), own).filter((metric) => metric.name === name);
  return Object.fromEntries(all.map(({ labels, value }) => [Object.values(labels).join('|'), value]));
}

function database(parts: Partial<DatabaseFigures> = {}): DatabaseFigures {
  return {
    snapshot: snapshot([group({ count: 30 }), group({ user: 'metabase', state: 'active', count: 5, lockWaits: 2 })]),
    applications: [
      { name: 'site', match: { user: 'site' }, limit: 32 },
      { name: 'quiet', match: { user: 'quiet' } },
    ],
    forecast: { kind: 'steady' },
    sampledAt: NOW - 250,
    sampleMs: 4,
    place: null,
    ...parts,
  };
}

const one = (parts: Partial<DatabaseFigures> = {}) => ({ databases: [database(parts)] });

describe('a database', () => {
  test.each<[string, Partial<DatabaseFigures>, Record<string, number>]>([
    ['breakwater_database_connections', {}, { 'main|site': 30, 'main|metabase': 5, 'main|quiet': 0 }],
    ['breakwater_database_connections_used', {}, { main: 35 }],
    ['breakwater_database_connections_usable', {}, { main: 97 }],
    ['breakwater_database_connections_max', {}, { main: 100 }],
    ['breakwater_application_connection_limit', {}, { 'main|site': 32 }],
    ['breakwater_database_lock_waits', {}, { main: 2 }],
    ['breakwater_database_up', {}, { main: 1 }],
    ['breakwater_database_up', { snapshot: snapshot([], { server: unseen('away', NOW) }) }, { main: 0 }],
    ['breakwater_database_admission', {}, { 'main|admitted': 1 }],
    [
      'breakwater_database_admission',
      { snapshot: snapshot([], { admission: seen(admission({ verdict: 'completely-full' }), NOW) }) },
      { 'main|completely-full': 1 },
    ],
    ['breakwater_orphaned_sessions', {}, {}],
    ['breakwater_orphaned_sessions', { place: place() }, { main: 0 }],
    ['breakwater_orphaned_sessions', { place: place({ orphans: unseen('stale', NOW) }) }, {}],
    [
      'breakwater_workload_pods_ready',
      { place: place({ workload: watched([pod('postgres', { terminatingAt: NOW })]) }) },
      { 'main|default/deployment/postgres': 0, 'main|default/deployment/site': 1 },
    ],
    [
      'breakwater_workload_pods_desired',
      { place: place({ workload: watched([], { workload: seen(null, NOW) }) }) },
      { 'main|default/deployment/site': 1 },
    ],
    ['breakwater_node_ready', { place: place({ node: seen(node({ ready: 'Unknown' }), NOW) }) }, { 'main|node-1': 0 }],
    ['breakwater_backup_last_success_timestamp_seconds', { place: place() }, { main: (NOW - 3_600_000) / 1_000 }],
    [
      'breakwater_backup_last_success_timestamp_seconds',
      { place: place({ backups: { found: unseen('forbidden', NOW), maxAgeMs: 1 } }) },
      {},
    ],
    ['breakwater_database_forecast_exhaustion_seconds', {}, {}],
    [
      'breakwater_database_forecast_exhaustion_seconds',
      { forecast: { kind: 'exhausts', inMs: 240_000, perMinute: 12 } },
      { main: 240 },
    ],
    ['breakwater_database_oldest_transaction_seconds', {}, { main: 0 }],
    [
      'breakwater_database_oldest_transaction_seconds',
      { snapshot: snapshot([group({ oldestTransactionMs: 61_000 }), group({ oldestTransactionMs: 5 })]) },
      { main: 61 },
    ],
    ['breakwater_database_sample_age_seconds', {}, { main: 0.25 }],
    ['breakwater_database_sample_age_seconds', { sampledAt: null }, {}],
    ['breakwater_database_sample_duration_seconds', {}, { main: 0.004 }],
  ])('%s of %j', (name, parts, expected) => {
    expect(valuesOf(name, one(parts))).toEqual(expected);
  });

  test('tells every state, also the empty ones', () => {
    expect(valuesOf('breakwater_database_connections_by_state', one())).toMatchObject({
      'main|active': 5,
      'main|idle': 30,
      'main|idle in transaction': 0,
    });
  });

  test('that is not seen has no numbers: the last ones would be a lie, and so would 0', () => {
    const blind = snapshot([], { server: unseen('a', NOW), sessions: unseen('a', NOW), admission: unseen('a', NOW) });
    const told = describeMetrics(metricsSource(one({ snapshot: blind })), OWN).map(({ name }) => name);
    expect(told.filter((name) => name.startsWith('breakwater_database'))).toEqual([
      'breakwater_database_up',
      'breakwater_database_sample_age_seconds',
      'breakwater_database_sample_duration_seconds',
    ]);
  });

  test('has 50 applications at most, the configured ones always, and the rest as other', () => {
    const groups = Array.from({ length: 200 }, (_, index) => group({ user: `tenant${index}`, count: 200 - index }));
    const counts = valuesOf('breakwater_database_connections', one({ snapshot: snapshot(groups) }));
    expect(Object.keys(counts)).toHaveLength(51);
    expect(counts).toMatchObject({ 'main|site': 0, 'main|quiet': 0, 'main|tenant0': 200 });
    expect(counts).not.toHaveProperty('main|tenant199');
    expect(Object.values(counts).reduce((sum, count) => sum + count)).toBe((200 * 201) / 2);
  });

  test('with an application that is really called other counts it among the rest', () => {
    const groups = Array.from({ length: 60 }, (_, index) => group({ user: `tenant${index}`, count: 2 }));
    const counts = valuesOf(
      'breakwater_database_connections',
      one({ snapshot: snapshot([...groups, group({ user: 'other', count: 9 })]) }),
    );
    expect(counts['main|other']).toBe(9 + 2 * (60 - 47));
  });
});

describe('alerts', () => {
  test('are counted by kind, and named while they fire', () => {
    const alerts = [
      alert(),
      alert({ subject: 'other', severity: 'warning' }),
      alert({ subject: 'soon', state: 'pending' }),
      alert({ subject: 'soon too', state: 'pending' }),
    ];
    expect(valuesOf('breakwater_alerts', { alerts })).toEqual({
      'connections-total|critical|firing': 1,
      'connections-total|warning|firing': 1,
      'connections-total|critical|pending': 2,
    });
    expect(valuesOf('breakwater_alert_firing', { alerts })).toEqual({
      'connections-total|main|total|critical|firing': 1,
      'connections-total|main|other|warning|firing': 1,
    });
  });

  test('are named up to 200, critical ones first', () => {
    const warnings = Array.from({ length: 300 }, (_, index) => alert({ subject: `a${index}`, severity: 'warning' }));
    const named = Object.keys(valuesOf('breakwater_alert_firing', { alerts: [...warnings, alert()] }));
    expect(named).toHaveLength(200);
    expect(named[0]).toContain('critical');
  });
});

describe('a service', () => {
  const probe: Probe = { verdict: 'good', status: 200, tookMs: 80, fact: '', certificateExpiresAt: NOW + 1_000 };
  const service = { name: 'website', url: 'https://a.example.org', dependsOn: undefined, impact: undefined };
  const probed = (parts: Partial<Probe>) => ({
    services: [{ service, probe: seen({ ...probe, ...parts }, NOW), goodInARow: 1 }],
  });

  test.each<[string, Partial<MetricsSource>, Record<string, number>]>([
    ['breakwater_service_up', probed({}), { website: 1 }],
    ['breakwater_service_up', probed({ verdict: 'server-error', status: 524 }), { website: 0 }],
    ['breakwater_service_http_status', probed({ status: 524 }), { website: 524 }],
    ['breakwater_service_http_status', probed({ verdict: 'refused', status: null }), {}],
    ['breakwater_service_probe_duration_seconds', probed({}), { website: 0.08 }],
    ['breakwater_service_certificate_expiry_timestamp_seconds', probed({}), { website: NOW / 1_000 + 1 }],
    ['breakwater_service_certificate_expiry_timestamp_seconds', probed({ certificateExpiresAt: null }), {}],
    ['breakwater_service_up', { services: [{ service, probe: unseen('not yet', NOW), goodInARow: 0 }] }, {}],
  ])('%s of case %#', (name, source, expected) => {
    expect(valuesOf(name, source)).toEqual(expected);
  });
});

describe('the bot itself', () => {
  test.each<[string, Partial<MetricsSource>, Record<string, number>]>([
    ['breakwater_gateway_heartbeat_age_seconds', {}, { '': 1 }],
    ['breakwater_gateway_heartbeat_age_seconds', { gateway: { acknowledgedAt: null } }, {}],
    ['breakwater_outbox_waiting', { outbox: { waiting: 3, oldestAt: NOW, silentSince: null } }, { '': 3 }],
    ['breakwater_outbox_oldest_seconds', {}, { '': 0 }],
    [
      'breakwater_outbox_oldest_seconds',
      { outbox: { waiting: 1, oldestAt: NOW - 9_000, silentSince: null } },
      { '': 9 },
    ],
    [
      'breakwater_outbox_failing_seconds',
      { outbox: { waiting: 1, oldestAt: NOW, silentSince: NOW - 70_000 } },
      { '': 70 },
    ],
    ['breakwater_deliveries_total', { deliveries: { delivered: 7, failed: 1 } }, { delivered: 7, failed: 1 }],
    ['breakwater_journal_writable', { journalWritable: false }, { '': 0 }],
    ['breakwater_build_info', {}, { '0.1.0|24.21.0': 1 }],
    ['breakwater_start_time_seconds', {}, { '': NOW / 1_000 - 60 }],
    ['breakwater_ready', { health: { parts: [{ name: 'journal', ok: false, detail: '' }] } }, { journal: 0 }],
    ['breakwater_process_cpu_seconds_total', {}, { '': 1.5 }],
    ['breakwater_process_resident_memory_bytes', {}, { '': 1e8 }],
    ['breakwater_event_loop_lag_seconds', {}, { '': 0.002 }],
  ])('%s of %j', (name, source, expected) => {
    expect(valuesOf(name, source)).toEqual(expected);
  });

  test('usable connections leave the reserved ones out', () => {
    const capacity = { max: 100, superuserReserved: 3, reserved: 5 };
    const facts = snapshot([], { server: seen(serverFacts({ capacity }), NOW) });
    expect(valuesOf('breakwater_database_connections_usable', one({ snapshot: facts }))).toEqual({ main: 92 });
  });
});
