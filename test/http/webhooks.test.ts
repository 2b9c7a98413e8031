import { describe, expect, test } from 'vitest';
import { createSecret } from '../../src/model/secret.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { alertPayload, dial, startServer, TOKEN } from './start-server.ts';

const PATHS = ['/webhooks/alertmanager', '/webhooks/grafana'];
const ONE = { alerts: [alertPayload()] };

describe('who may send', () => {
  test.each<[string, Readonly<Record<string, string>>]>([
    ['no header', {}],
    ['another token', { authorization: 'Bearer another-token' }],
    ['the token and more', { authorization: `Bearer ${TOKEN}x` }],
    ['part of the token', { authorization: `Bearer ${TOKEN.slice(0, -1)}` }],
    ['no token', { authorization: 'Bearer ' }],
    ['another scheme', { authorization: `Basic ${TOKEN}` }],
  ])('%s is 401, and nothing is taken', async (_, headers) => {
    await using server = await startServer();
    for (const path of PATHS) {
      const response = await server.post(path, ONE, headers);
      expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    }
    expect(server.accepted).toEqual([]);
  });

  test.each([undefined, createSecret('')])(
    'without WEBHOOK_TOKEN all are refused, which is said once',
    async (token) => {
      await using server = await startServer({ webhookToken: token });
      for (const authorization of ['Bearer ', 'Bearer undefined', `Bearer ${TOKEN}`, 'Bearer']) {
        expect((await server.post('/webhooks/alertmanager', ONE, { authorization })).status).toBe(401);
      }
      expect(server.log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
    },
  );

  test('a wrong token is logged without what was sent, and not each time', async () => {
    await using server = await startServer();
    for (const authorization of ['Bearer guess-1', 'Bearer guess-2'])
      await server.post('/webhooks/grafana', ONE, { authorization });
    expect(server.log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
    expect(server.log.text()).not.toMatch(/guess|a-webhook-token/);
  });

  test('strangers do not use up the rate of those who have the token', async () => {
    await using server = await startServer();
    for (let count = 0; count < 30; count += 1) await server.post('/webhooks/grafana', ONE, {});
    expect((await server.post('/webhooks/grafana', ONE)).status).toBe(200);
  });
});

describe('how much is taken', () => {
  test.each(PATHS)('a body above 1 MiB is 413 at %s', async (path) => {
    await using server = await startServer();
    const exact = { alerts: [], padding: '' };
    const padding = 'x'.repeat((1 << 20) - JSON.stringify(exact).length);
    expect((await server.post(path, { ...exact, padding })).status).toBe(200);
    expect((await server.post(path, { ...exact, padding: `${padding}x` })).status).toBe(413);
  });

  test('a body that never ends is answered and cut', async () => {
    await using server = await startServer();
    const socket = await dial(server.port);
    const head = `POST /webhooks/grafana HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${TOKEN}\r\ncontent-length: 99999999\r\n\r\n`;
    socket.write(head + 'x'.repeat((1 << 20) + 1));
    while (server.clock.sleepers === 0) await new Promise((resolve) => setImmediate(resolve));
    server.clock.skip(1_000);
    expect(await socket.closed$).toMatch(/^HTTP\/1\.1 413/);
  });

  test('1,000 alerts in one request are taken, one more is 413 with what to set', async () => {
    await using server = await startServer();
    const alerts = Array.from({ length: 1_000 }, () => alertPayload({ annotations: {}, generatorURL: '' }));
    expect((await server.post('/webhooks/alertmanager', { alerts })).status).toBe(200);
    const response = await server.post('/webhooks/alertmanager', { alerts: [...alerts, alertPayload()] });
    expect([response.status, await response.text()]).toEqual([413, expect.stringContaining('max_alerts')]);
    expect(server.accepted.map(({ length }) => length)).toEqual([1_000]);
  });

  test.each([
    // Alertmanager gives a 429 up, and repeats on a 503 (prometheus/alertmanager#2121).
    ['/webhooks/alertmanager', 503],
    ['/webhooks/grafana', 429],
  ])('more than 20 at once is told to come again: %s with %i', async (path, status) => {
    const clock = createManualClock();
    await using server = await startServer({ clock });
    for (let count = 0; count < 20; count += 1) expect((await server.post(path, ONE)).status).toBe(200);
    const refused = await server.post(path, ONE);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([status, '1']);
    await clock.advance(1_000);
    expect((await server.post(path, ONE)).status).toBe(200);
  });
});

describe('what is taken', () => {
  test.each([
    ['broken JSON', '{"token": "s3cr3t', 'the body is no JSON'],
    ['nothing', '', 'the body is no JSON'],
    ['no object', '[]', 'the body: Invalid input: expected object, received array'],
    ['no alerts', '{}', 'alerts: Invalid input: expected array, received undefined'],
    [
      'a state that does not exist',
      { alerts: [alertPayload({ status: 's3cr3t' })] },
      'alerts.0.status: Invalid option',
    ],
    ['a label that is no text', { alerts: [alertPayload({ labels: { a: 1 } })] }, 'alerts.0.labels.a: Invalid input'],
  ])('%s is 400, which says where and quotes nothing', async (_, body, reason) => {
    await using server = await startServer();
    for (const path of PATHS) {
      const response = await server.post(path, body);
      const text = await response.text();
      expect([response.status, text]).toEqual([400, expect.stringContaining(reason)]);
      expect(text + server.log.text()).not.toContain('s3cr3t');
    }
    expect(server.accepted).toEqual([]);
  });

  test('what the sender left out is said in the log', async () => {
    await using server = await startServer();
    await server.post('/webhooks/alertmanager', { ...ONE, truncatedAlerts: 7 });
    expect(server.log.lines.at(-1)).toMatchObject({ level: 'warn', fields: { truncated: 7 } });
  });

  test('the content type does not matter', async () => {
    await using server = await startServer();
    const headers = { authorization: `bearer ${TOKEN}`, 'content-type': 'text/plain' };
    expect((await server.post('/webhooks/alertmanager', ONE, headers)).status).toBe(200);
    expect(server.accepted).toMatchObject([[{ name: 'DiskFull', source: 'alertmanager' }]]);
  });
});

describe('handing over', () => {
  test.each(['durable', 'later'] as const)('is 200 once the alerts are taken over: %s', async (taken) => {
    const { promise, resolve } = Promise.withResolvers<typeof taken>();
    let answered = false;
    await using server = await startServer({ acceptAlerts: () => promise });
    const answering = server.post('/webhooks/alertmanager', ONE).then((response) => {
      answered = true;
      return response;
    });
    while (server.clock.sleepers === 0) await new Promise((next) => setImmediate(next));
    expect(answered).toBe(false);
    resolve(taken);
    expect((await answering).status).toBe(200);
  });

  test('is 503 when they are not: the sender sends them again', async () => {
    const acceptAlerts = () => Promise.reject(new Error('the journal is away'));
    await using server = await startServer({ acceptAlerts });
    const response = await server.post('/webhooks/alertmanager', ONE);
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '10']);
    expect(await response.text()).not.toContain('journal');
    expect(server.log.lines.at(-1)).toMatchObject({
      level: 'error',
      fields: { err: new Error('the journal is away') },
    });
  });

  test('is 503 too when it takes too long, and a fault after that is only logged', async () => {
    const { promise, reject } = Promise.withResolvers<'durable'>();
    await using server = await startServer({ acceptAlerts: () => promise });
    const answering = server.post('/webhooks/grafana', ONE);
    while (server.clock.sleepers === 0) await new Promise((next) => setImmediate(next));
    server.clock.skip(5_000);
    expect((await answering).status).toBe(503);
    reject(new Error('late'));
    await new Promise((next) => setImmediate(next));
    expect(server.log.lines.at(-1)).toMatchObject({ level: 'error', fields: { err: new Error('late') } });
  });

  test("shows Grafana's test notification, and ends it at once", async () => {
    await using server = await startServer();
    const labels = { alertname: 'TestAlert', instance: 'Grafana' };
    const annotations = { summary: 'Notification test' };
    const alerts = [alertPayload({ labels, annotations, fingerprint: '57c6d9296de2ad39' })];
    expect(
      (await server.post('/webhooks/grafana', { receiver: 'test', orgId: 1, state: 'alerting', alerts })).status,
    ).toBe(200);
    expect(server.accepted).toMatchObject([
      [{ fingerprint: '57c6d9296de2ad39', summary: 'Notification test', firing: true }],
      [{ fingerprint: '57c6d9296de2ad39', firing: false }],
    ]);
  });

  test('is counted by how it ended', async () => {
    await using server = await startServer();
    await server.post('/webhooks/grafana', ONE);
    await server.post('/webhooks/grafana', ONE);
    await server.post('/webhooks/alertmanager', ONE, {});
    const text = await (await server.get('/metrics')).text();
    expect(text).toContain('breakwater_webhook_requests_total{source="grafana",outcome="accepted"} 2\n');
    expect(text).toContain('breakwater_webhook_requests_total{source="alertmanager",outcome="unauthorised"} 1\n');
  });
});
