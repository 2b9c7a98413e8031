import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { alertmanagerWebhook } from '../../../src/http/webhooks/alertmanager.ts';
import { grafanaWebhook } from '../../../src/http/webhooks/grafana.ts';
import type { ExternalAlert } from '../../../src/model/external-alert.ts';
import { NOW } from '../../support/builders.ts';
import { alertPayload } from '../start-server.ts';

const CONTEXT = { databases: ['main', 'other'], now: NOW };

function readOne(parts: Readonly<Record<string, unknown>> = {}, webhook = alertmanagerWebhook): ExternalAlert {
  const read = webhook.read({ version: '4', alerts: [alertPayload(parts)] }, CONTEXT);
  const alert = read.ok ? read.batches[0]?.[0] : undefined;
  if (!alert) throw new Error(JSON.stringify(read));
  return alert;
}

describe('an alert of Alertmanager', () => {
  test('is read whole', () => {
    expect(readOne()).toEqual({
      source: 'alertmanager',
      fingerprint: 'c6eadffa33fcdf37',
      name: 'DiskFull',
      severity: 'critical',
      firing: true,
      startsAt: Date.UTC(2020, 11, 11, 13, 20, 0, 123),
      endsAt: null,
      labels: { alertname: 'DiskFull', instance: 'node-1:9100', severity: 'critical' },
      summary: 'The disk of node-1 is full',
      description: '97 % of /var are in use.',
      url: 'http://prometheus.example.org:9090/graph?g0.expr=up',
      database: null,
    });
  });

  test.each([
    ['critical', 'critical'],
    ['page', 'critical'],
    ['ERROR ', 'critical'],
    ['warning', 'warning'],
    ['info', 'warning'],
    ['', 'warning'],
    [undefined, 'warning'],
  ])('with the severity %s is %s', (severity, expected) => {
    expect(readOne({ labels: { alertname: 'A', ...(severity !== undefined && { severity }) } }).severity).toBe(
      expected,
    );
  });

  test.each<[Readonly<Record<string, string>>, string | null]>([
    [{ database: 'main' }, 'main'],
    [{ datname: 'other' }, 'other'],
    [{ database: 'main', breakwater_database: 'other' }, 'other'],
    [{ database: 'unwatched', datname: 'main' }, 'main'],
    [{ database: 'unwatched' }, null],
    [{}, null],
  ])('with the labels %j belongs to %s', (labels, database) => {
    expect(readOne({ labels }).database).toBe(database);
  });

  test('that is over has an end, and one that fires has none', () => {
    const over = readOne({ status: 'resolved', endsAt: '2020-12-11T13:25:00Z' });
    expect([over.firing, over.endsAt]).toEqual([false, Date.UTC(2020, 11, 11, 13, 25)]);
    expect(readOne({ endsAt: '2020-12-11T13:25:00Z' }).endsAt).toBeNull();
  });

  test.each(['0001-01-01T00:00:00Z', 'yesterday', '', null, undefined])('with the start %s starts now', (startsAt) => {
    expect(readOne({ startsAt }).startsAt).toBe(NOW);
  });

  test.each(['javascript:alert(1)', 'ftp://a', 'no address', `http://a/${'x'.repeat(2_000)}`, '', null])(
    'with the address %.20s has none',
    (generatorURL) => {
      expect(readOne({ generatorURL }).url).toBeNull();
    },
  );

  test('without labels or annotations still has a name', () => {
    expect(readOne({ labels: null, annotations: null })).toMatchObject({
      name: 'unnamed alert',
      summary: '',
      labels: {},
    });
  });

  test('has only the labels that were sent, whatever they are called', () => {
    const body = JSON.parse('{"alerts":[{"status":"firing","labels":{"__proto__":"x","constructor":"y"}}]}') as unknown;
    const read = alertmanagerWebhook.read(body, CONTEXT);
    expect(read).toMatchObject({ ok: true, batches: [[{ severity: 'warning', name: 'unnamed alert' }]] });
  });
});

describe('a fingerprint that is missing', () => {
  const labels = fc.dictionary(fc.string({ minLength: 1 }), fc.string());
  const fingerprintOf = (entries: readonly (readonly [string, string])[]) =>
    readOne({ labels: Object.fromEntries(entries), fingerprint: undefined }).fingerprint;

  test('is the same for the same labels in any order', () => {
    fc.assert(
      fc.property(labels, (record) => {
        const entries = Object.entries(record);
        expect(fingerprintOf(entries.toReversed())).toBe(fingerprintOf(entries));
      }),
    );
  });

  test('differs for other labels', () => {
    expect(fingerprintOf([['a', 'b,c']])).not.toBe(fingerprintOf([['a,b', 'c']]));
    expect(fingerprintOf([['a', '1']])).toMatch(/^[0-9a-f]{64}$/);
  });

  test.each(['', 'with space', 'x'.repeat(65), '<@&1>'])('or is none (%.10s) is derived too', (fingerprint) => {
    expect(readOne({ fingerprint }).fingerprint).toMatch(/^[0-9a-f]{64}$/);
  });
});

test('whatever text comes, what is kept is bounded, well-formed and on one line where it must be', () => {
  const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 1_500 }), fc.constant(`${'😀'.repeat(2_000)}\nb`));
  fc.assert(
    fc.property(text, text, text, (name, summary, description) => {
      const alert = readOne({ labels: { alertname: name, x: summary }, annotations: { summary, description } });
      const lengths = [alert.name, alert.summary, alert.description, alert.labels['x'] ?? ''].map(
        ({ length }) => length,
      );
      expect(lengths.map((length, index) => length <= ([120, 300, 1_000, 256][index] ?? 0))).not.toContain(false);
      expect([alert.name, alert.summary, alert.description].every((kept) => kept.isWellFormed())).toBe(true);
      expect((alert.name + alert.summary).includes('\n')).toBe(false);
    }),
    { numRuns: 30 },
  );
});

test('more labels than 64 are cut', () => {
  const labels = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`label${index}`, 'x']));
  expect(Object.keys(readOne({ labels }).labels)).toHaveLength(64);
});

describe('an alert of Grafana', () => {
  test('is looked at where Grafana shows it: panel, dashboard, then the rule', () => {
    const urls = {
      dashboardURL: 'https://grafana.example.org/d/1',
      panelURL: 'https://grafana.example.org/d/1?viewPanel=2',
    };
    expect(readOne(urls, grafanaWebhook)).toMatchObject({ source: 'grafana', url: urls.panelURL });
    expect(readOne({ ...urls, panelURL: '' }, grafanaWebhook).url).toBe(urls.dashboardURL);
    expect(readOne({ panelURL: '', dashboardURL: '' }, grafanaWebhook).url).toMatch(/prometheus/);
  });

  test('keeps its fields of other kinds to itself', () => {
    const extra = { values: { B: 44.2, C: null }, valueString: '[ var=B ]', orgId: 1, imageURL: null };
    expect(readOne(extra, grafanaWebhook).name).toBe('DiskFull');
  });

  test.each([
    ['of another instance', { alertname: 'TestAlert', instance: 'node-1' }, 'firing'],
    ['of another name', { alertname: 'Disk', instance: 'Grafana' }, 'firing'],
    ['that is over', { alertname: 'TestAlert', instance: 'Grafana' }, 'resolved'],
  ])('%s is no test', (_, labels, status) => {
    const read = grafanaWebhook.read({ alerts: [alertPayload({ labels, status })] }, CONTEXT);
    expect(read.ok && read.batches).toHaveLength(1);
  });
});
