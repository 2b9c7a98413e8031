import { describe, expect, test } from 'vitest';
import { exposeMetrics } from '../../../src/http/metrics/expose-metrics.ts';
import { METRICS, metric } from '../../../src/http/metrics/metric-table.ts';
import { group, snapshot } from '../../support/builders.ts';
import { metricsSource, startServer } from '../start-server.ts';

const limit = (application: string, value = 1) =>
  metric('breakwater_application_connection_limit', { database: 'main', application }, value);

async function linesOf(...metrics: Parameters<typeof exposeMetrics>[0]): Promise<readonly string[]> {
  const { body } = await exposeMetrics(metrics);
  return body.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

describe('the text format', () => {
  test.each([
    ['say "hi"', 'say \\"hi\\"'],
    ['two\nlines', 'two\\nlines'],
    ['back\\slash', 'back\\\\slash'],
    ['\\n', '\\\\n'],
    ['"} 1\nbreakwater_journal_writable 1\n#', '\\"} 1\\nbreakwater_journal_writable 1\\n#'],
    ['half \ud83d', 'half \ufffd'],
    ['😀 ü {}=,', '😀 ü {}=,'],
    ['x'.repeat(500), 'x'.repeat(128)],
  ])('escapes the name %j', async (name, written) => {
    expect(await linesOf(limit(name))).toEqual([
      `breakwater_application_connection_limit{database="main",application="${written}"} 1`,
    ]);
  });

  test('has help, type and value of what there is, and nothing of what there is not', async () => {
    const { type, body } = await exposeMetrics([metric('breakwater_journal_writable', {}, 0)]);
    expect(type).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(body).toBe(
      `# HELP breakwater_journal_writable ${METRICS.breakwater_journal_writable.help}\n# TYPE breakwater_journal_writable gauge\nbreakwater_journal_writable 0\n`,
    );
  });

  test('marks counters as such', async () => {
    const { body } = await exposeMetrics([metric('breakwater_deliveries_total', { outcome: 'delivered' }, 7)]);
    expect(body).toContain(
      '# TYPE breakwater_deliveries_total counter\nbreakwater_deliveries_total{outcome="delivered"} 7',
    );
  });

  test('leaves out what is no number', async () => {
    expect(await linesOf(limit('a', Number.NaN), limit('b', Number.POSITIVE_INFINITY), limit('c', 1))).toHaveLength(1);
  });

  test('remembers nothing of the scrape before', async () => {
    await linesOf(limit('a'));
    expect(await linesOf(limit('b'))).toHaveLength(1);
  });
});

test.each(Object.entries(METRICS))('%s follows the conventions of Prometheus', (name, { type, help, labels }) => {
  expect(name).toMatch(/^breakwater_[a-z_]+$/);
  expect(name.endsWith('_total')).toBe(type === 'counter');
  expect(help).toMatch(/^[A-Za-z_][^\n|]*[^.]$/);
  for (const label of labels) expect(label).toMatch(/^[a-z_]+$/);
});

test('/metrics is collected when it is scraped, hostile names and all', async () => {
  let sessions = 1;
  await using server = await startServer({
    readMetrics: () => {
      const hostile = snapshot([group({ user: 'a"\n\\', count: sessions })]);
      const forecast = { kind: 'steady' } as const;
      const database = { snapshot: hostile, applications: [], forecast, sampledAt: null, sampleMs: null, place: null };
      return metricsSource({ databases: [database] });
    },
  });
  const scrape = async () => {
    const response = await server.get('/metrics');
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      expect.stringContaining('version=0.0.4'),
    ]);
    return response.text();
  };
  const name = 'breakwater_database_connections{database="main",application="a\\"\\n\\\\"}';
  expect(await scrape()).toContain(`${name} 1\n`);
  sessions = 2;
  const [one, other] = await Promise.all([scrape(), scrape()]);
  expect(one).toContain(`${name} 2\n`);
  expect(other).toContain(`${name} 2\n`);
  expect(one).toMatch(/^breakwater_process_resident_memory_bytes \d+$/m);
});
