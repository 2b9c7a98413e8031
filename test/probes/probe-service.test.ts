import { readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { probeService } from '../../src/probes/probe-service.ts';
import { systemClock } from '../../src/time/system-clock.ts';

const read = (name: string) => readFileSync(new URL(`../support/certificates/${name}`, import.meta.url), 'utf8');
const CA = read('ca.pem');

let started = new AsyncDisposableStack();
afterEach(async () => {
  const ending = started;
  started = new AsyncDisposableStack();
  await ending.disposeAsync();
});

/** Listens on 127.0.0.1 and gives the port; ends with the test, open connections too. */
async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  started.defer(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

const serve = async (answer: RequestListener) =>
  `http://127.0.0.1:${await listen(createServer(answer))}/health?token=hunter2`;
const serveTls = async (name: 'valid' | 'expired') =>
  `https://localhost:${await listen(createTlsServer({ cert: read(`${name}.pem`), key: read(`${name}.key`) }, (_, res) => res.end('fine')))}/`;

const probe = (url: string, timeoutMs = 5_000) => probeService(url, { timeoutMs, clock: systemClock, ca: CA });

describe('probing a service', () => {
  it.each([
    [200, 'good', 'answers 200 OK'],
    [302, 'good', 'answers 302 Found'],
    [404, 'good', 'answers 404 Not Found'],
    [499, 'good', 'answers 499'],
    [500, 'server-error', 'answers 500 Internal Server Error'],
    [503, 'server-error', 'answers 503 Service Unavailable'],
    [524, 'server-error', 'answers 524: the CDN reached the server behind it and got no answer in time'],
    [521, 'server-error', 'answers 521: the server behind the CDN refuses connections'],
  ])('takes an answer of %i for %s', async (status, verdict, fact) => {
    const probed = await probe(await serve((_, res) => res.writeHead(status).end()));
    expect(probed).toMatchObject({ verdict, status, fact: expect.stringContaining(fact), certificateExpiresAt: null });
  });

  it('does not follow a redirect', async () => {
    let asked = 0;
    const url = await serve((_, res) => {
      asked += 1;
      res.writeHead(302, { location: '/elsewhere' }).end();
    });
    await probe(url);
    expect(asked).toBe(1);
  });

  it('does not wait for a body that never ends', async () => {
    const probed = await probe(await serve((_, res) => void res.writeHead(200).write('for ever')));
    expect(probed.verdict).toBe('good');
  });

  it('gives up on a server that takes the request and says nothing', async () => {
    const probed = await probe(await serve(() => {}), 50);
    expect(probed).toMatchObject({ verdict: 'timeout', status: null, fact: 'gives no answer within 50 ms' });
  });

  it('gives up on a server that does not finish its headers', async () => {
    const port = await listen(createTcpServer((socket) => socket.write('HTTP/1.1 200 OK\r\nx:')));
    expect((await probe(`http://127.0.0.1:${port}/`, 50)).verdict).toBe('timeout');
  });

  it('knows a closed port, a cut connection and what is not HTTP', async () => {
    const closed = createTcpServer();
    const port = await listen(closed);
    await new Promise((resolve) => closed.close(resolve));
    const cut = await listen(createTcpServer((socket) => socket.on('data', () => socket.resetAndDestroy())));
    const strange = await listen(createTcpServer((socket) => void socket.write('220 smtp\r\n')));
    const verdicts = [port, cut, strange].map(async (each) => (await probe(`http://127.0.0.1:${each}/`)).verdict);
    expect(await Promise.all(verdicts)).toEqual(['refused', 'cut', 'server-error']);
  });

  it('knows a name that nobody has', async () => {
    expect(await probe('http://nobody.invalid/')).toMatchObject({
      verdict: 'name-unknown',
      fact: 'cannot be found: the name nobody.invalid is unknown',
    });
  });

  it('says when the certificate ends', async () => {
    const probed = await probe(await serveTls('valid'));
    expect(probed).toMatchObject({ verdict: 'good', status: 200 });
    expect(new Date(probed.certificateExpiresAt ?? 0).getUTCFullYear()).toBeGreaterThan(2050);
  });

  it('refuses a certificate that has ended, and says since when', async () => {
    expect(await probe(await serveTls('expired'))).toMatchObject({
      verdict: 'tls-failed',
      fact: expect.stringMatching(/^shows a certificate that ended \d+ d/),
      certificateExpiresAt: Date.UTC(2020, 11, 11),
    });
  });

  it('refuses a certificate that nobody known has signed', async () => {
    const url = await serveTls('valid');
    const probed = await probeService(url, { timeoutMs: 5_000, clock: systemClock });
    expect(probed).toMatchObject({ verdict: 'tls-failed', fact: expect.stringContaining('nobody known has signed') });
  });

  it('refuses plain HTTP where TLS was asked for', async () => {
    const url = (await serve((_, res) => res.end())).replace('http:', 'https:');
    expect((await probe(url)).verdict).toBe('tls-failed');
  });

  it('quotes neither path nor query, which may hold a token', async () => {
    const port = await listen(createTcpServer((socket) => socket.destroy()));
    expect(JSON.stringify(await probe(`http://127.0.0.1:${port}/hunter2?token=hunter2`))).not.toContain('hunter2');
  });
});
