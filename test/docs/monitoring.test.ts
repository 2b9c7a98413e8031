import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { METRICS } from '../../src/http/metrics/metric-table.ts';

const read = (file: string): string => readFileSync(new URL(`../../docs/monitoring/${file}`, import.meta.url), 'utf8');

interface Target {
  readonly expr: string;
  readonly legendFormat: string;
  readonly datasource: unknown;
}
interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly Target[];
}
interface Dashboard {
  readonly panels: readonly Panel[];
  readonly templating: {
    readonly list: readonly {
      readonly name: string;
      readonly type: string;
      readonly query: unknown;
      readonly definition?: string;
    }[];
  };
  readonly annotations: { readonly list: readonly { readonly expr?: string }[] };
}
interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

const dashboard = JSON.parse(read('grafana-dashboard.json')) as Dashboard;
const targets = dashboard.panels.flatMap(({ targets = [] }) => targets);
const { groups } = parse(read('prometheus-rules.yaml')) as {
  readonly groups: readonly { readonly rules: readonly AlertRule[] }[];
};
const rules = groups.flatMap((group) => group.rules);

const KNOWN_LABELS = new Set<string>(Object.values(METRICS).flatMap(({ labels }): readonly string[] => labels));

/** Names of our metrics in a query; text in quotes is no name. */
function metricsIn(expression: string): readonly string[] {
  return expression.replaceAll(/"[^"]*"/g, '').match(/\bbreakwater_\w+/g) ?? [];
}

describe('the rules for Prometheus', () => {
  test.each(rules)('$alert asks for metrics and labels that exist', ({ expr, annotations }) => {
    expect(metricsIn(expr).filter((name) => !(name in METRICS))).toEqual([]);
    const labels = [...JSON.stringify(annotations).matchAll(/\$labels\.(\w+)/g)].map(([, label]) => label ?? '');
    expect(labels.filter((label) => !KNOWN_LABELS.has(label))).toEqual([]);
  });

  test.each(rules)('$alert is no echo: it goes elsewhere, and does not look at what was sent to Breakwater', (rule) => {
    expect(rule.labels).toMatchObject({
      origin: 'breakwater',
      severity: expect.stringMatching(/^(warning|critical)$/),
    });
    expect(rule.expr).not.toMatch(/breakwater_alert/);
  });
});

test('the scrape configuration has the job and the rules that are talked of', () => {
  const config = parse(read('prometheus.yaml')) as {
    readonly rule_files: readonly string[];
    readonly scrape_configs: readonly { readonly job_name: string }[];
  };
  expect(config.rule_files).toEqual(['prometheus-rules.yaml']);
  expect(config.scrape_configs.map(({ job_name }) => job_name)).toEqual(['breakwater']);
});

test("Alertmanager sends what Breakwater takes, and Breakwater's own alerts elsewhere", () => {
  const config = parse(read('alertmanager.yaml')) as {
    readonly route: {
      readonly receiver: string;
      readonly routes: readonly { readonly receiver: string; readonly matchers: readonly string[] }[];
    };
    readonly receivers: readonly {
      readonly name: string;
      readonly webhook_configs?: readonly Readonly<Record<string, unknown>>[];
    }[];
  };
  const receiver = config.receivers.find(({ name }) => name === config.route.receiver);
  expect(receiver?.webhook_configs).toMatchObject([
    { url: expect.stringMatching(/:8080\/webhooks\/alertmanager$/), send_resolved: true, max_alerts: 1_000 },
  ]);
  expect(config.route.routes).toMatchObject([{ matchers: ['origin="breakwater"'] }]);
  expect(config.route.routes[0]?.receiver).not.toBe(receiver?.name);
});

describe('the dashboard', () => {
  test('asks for no metric that does not exist', () => {
    const asked = [
      ...targets.map(({ expr }) => expr),
      ...dashboard.annotations.list.map(({ expr = '' }) => expr),
      ...dashboard.templating.list.map(
        ({ query, definition = '' }) => JSON.stringify(query).replaceAll('"', ' ') + definition,
      ),
    ].flatMap(metricsIn);
    expect(asked.length).toBeGreaterThan(20);
    expect([...new Set(asked)].filter((name) => !(name in METRICS))).toEqual([]);
  });

  test('shows connections with their limits, the forecast, admission, alerts and the outbox', () => {
    expect(targets.flatMap(({ expr }) => metricsIn(expr))).toEqual(
      expect.arrayContaining([
        'breakwater_database_connections',
        'breakwater_database_connections_usable',
        'breakwater_application_connection_limit',
        'breakwater_database_forecast_exhaustion_seconds',
        'breakwater_database_admission',
        'breakwater_alert_firing',
        'breakwater_outbox_waiting',
      ]),
    );
  });

  test('names its lines by labels that exist', () => {
    const labels = targets.flatMap(({ legendFormat }) =>
      [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label ?? ''),
    );
    expect(labels.filter((label) => !KNOWN_LABELS.has(label))).toEqual([]);
  });

  test('lets people choose the data source, and takes no other', () => {
    expect(dashboard.templating.list).toContainEqual(
      expect.objectContaining({ name: 'datasource', type: 'datasource', query: 'prometheus' }),
    );
    for (const { datasource } of targets) expect(datasource).toEqual({ type: 'prometheus', uid: '${datasource}' });
  });

  test('has panels with ids of their own that do not cover each other', () => {
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(Math.max(...dashboard.panels.map(({ gridPos }) => gridPos.x + gridPos.w))).toBe(24);
  });
});
