import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { UserFacingError } from '../../src/model/user-facing-error.ts';
import { dial, startServer, TOKEN } from './start-server.ts';

test('a port that is taken is an error for people, which says what to write', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as { readonly port: number };
  const failure = await startServer({ listen: { host: '127.0.0.1', port } }).catch((error: unknown) => error);
  other.close();
  expect(failure).toBeInstanceOf(UserFacingError);
  expect((failure as Error).message).toBe(
    `http.listen is 127.0.0.1:${port}: another program listens there already: write another port, or end that program`,
  );
});

test('an address that this machine does not have is one too', async () => {
  const listen = { host: '203.0.113.1', port: 8080 };
  await expect(startServer({ listen })).rejects.toThrow('this machine has no such address');
});

test('every connection is closed after its answer', async () => {
  await using server = await startServer();
  const socket = await dial(server.port);
  socket.write('GET /livez HTTP/1.1\r\nhost: a\r\nconnection: keep-alive\r\n\r\n');
  expect(await socket.closed$).toMatch(/^HTTP\/1\.1 200 OK[^]*connection: close/);
});

test('a head that does not end is cut off', async () => {
  await using server = await startServer({ limits: { headersMs: 50, requestMs: 60_000 } });
  const socket = await dial(server.port);
  socket.write('GET /livez HTTP/1.1\r\nhost: a\r\n');
  expect(await socket.closed$).toMatch(/^HTTP\/1\.1 408/);
});

test('a body that does not end is cut off, and nothing is taken from it', async () => {
  await using server = await startServer({ limits: { headersMs: 50, requestMs: 100 } });
  const socket = await dial(server.port);
  const head = `POST /webhooks/grafana HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${TOKEN}\r\ncontent-length: 99\r\n\r\n`;
  socket.write(`${head}{"alerts":[]`);
  expect(await socket.closed$).not.toMatch(/200 OK/);
  expect(server.accepted).toEqual([]);
});

test('a connection on which nothing moves is cut off', async () => {
  await using server = await startServer({ limits: { idleMs: 50 } });
  const socket = await dial(server.port);
  expect(await socket.closed$).toBe('');
});

test('a head above its limit is refused', async () => {
  await using server = await startServer({ limits: { headerBytes: 1_024 } });
  expect((await server.get('/livez', { headers: { padding: 'x'.repeat(2_000) } })).status).toBe(431);
});

test('connections above the limit are cut, which is said once', async () => {
  await using server = await startServer({ limits: { connections: 2 } });
  const held = [await dial(server.port), await dial(server.port)];
  const others = [await dial(server.port), await dial(server.port)];
  expect(await Promise.all(others.map((socket) => socket.closed$))).toEqual(['', '']);
  expect(server.log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
  for (const socket of held) socket.destroy();
});

test('stop() ends open connections: idle ones, half a request, and an answer that does not come', async () => {
  const server = await startServer({ acceptAlerts: () => new Promise(() => undefined) });
  const idle = await dial(server.port);
  const half = await dial(server.port);
  half.write('GET /livez HTTP/1.1\r\n');
  const hanging = server.post('/webhooks/grafana', { alerts: [] }).catch(() => 'cut');
  while (server.clock.sleepers === 0) await new Promise((resolve) => setImmediate(resolve));
  const stopped = server.stop();
  server.clock.skip(500);
  await stopped;
  expect(await Promise.all([idle.closed$, half.closed$])).toEqual(['', '']);
  await hanging;
  await expect(server.get('/livez')).rejects.toThrow('fetch failed');
});

test('stop() lets an answer that is under way go out', async () => {
  const { promise, resolve } = Promise.withResolvers<'durable'>();
  const server = await startServer({ acceptAlerts: () => promise });
  const answering = server.post('/webhooks/grafana', { alerts: [] });
  while (server.clock.sleepers === 0) await new Promise((next) => setImmediate(next));
  const stopped = server.stop();
  resolve('durable');
  expect((await answering).status).toBe(200);
  await stopped;
  expect(server.clock.sleepers).toBe(0);
});
