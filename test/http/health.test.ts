import { expect, test } from 'vitest';
import { startServer } from './start-server.ts';

test('/livez is 200 as long as the process answers, whatever else is wrong', async () => {
  await using server = await startServer({
    readHealth: () => ({ parts: [{ name: 'gateway', ok: false, detail: 'gone' }] }),
  });
  expect((await server.get('/livez')).status).toBe(200);
});

test.each([
  { ok: true, status: 200 },
  { ok: false, status: 503 },
])('/readyz is $status and lists every part when one of them is ok: $ok', async ({ ok, status }) => {
  const parts = [
    { name: 'journal', ok: true, detail: 'writable' },
    { name: 'gateway', ok, detail: 'since 13:24' },
  ];
  await using server = await startServer({ readHealth: () => ({ parts }) });
  const response = await server.get('/readyz');
  expect([response.status, await response.json()]).toEqual([status, { ready: ok, parts }]);
});

test.each(['/', '/livez/', '/livezz', '/__proto__', '/constructor', '/webhooks', '/..%2flivez'])(
  '%s is 404 and says what there is',
  async (path) => {
    await using server = await startServer();
    const response = await server.get(path);
    expect([response.status, await response.text()]).toEqual([404, expect.stringContaining('/readyz')]);
  },
);

test.each([
  ['POST', '/livez', 'GET, HEAD'],
  ['DELETE', '/metrics', 'GET, HEAD'],
  ['GET', '/webhooks/alertmanager', 'POST'],
  ['PUT', '/webhooks/grafana', 'POST'],
])('%s %s is 405 and names the method', async (method, path, allow) => {
  await using server = await startServer();
  const response = await server.get(path, { method });
  expect([response.status, response.headers.get('allow')]).toEqual([405, allow]);
});

test('HEAD and a query are as good as GET', async () => {
  await using server = await startServer();
  expect((await server.get('/readyz?verbose', { method: 'HEAD' })).status).toBe(200);
});

test.each(['/readyz', '/metrics'])(
  'a fault inside %s becomes 500 with a reference, and its details stay in the log',
  async (path) => {
    const fail = () => {
      throw new Error('the inside of the house');
    };
    await using server = await startServer({ readHealth: fail, readMetrics: fail });
    const response = await server.get(path);
    const text = await response.text();
    expect([response.status, text]).toEqual([500, expect.stringContaining('ref-1')]);
    expect(text).not.toContain('inside of the house');
    expect(server.log.lines.at(-1)).toMatchObject({
      level: 'error',
      fields: { reference: 'ref-1', path, err: new Error('the inside of the house') },
    });
    expect((await server.get('/livez')).status).toBe(200);
  },
);
