import { networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import { type ProbeOptions, probeService } from '../../src/probes/probe-service.ts';
import { createManualClock, settle } from '../support/manual-clock.ts';
import { findDeadPort, resolveTo, serveHttp, serveTcp } from './servers.ts';

/** Containers often have none. */
const HAS_IPV6 = Object.values(networkInterfaces()).some((each) => each?.some(({ address }) => address === '::1'));

/** Whose time does not pass: no deadline strikes unless the test moves it. */
const probe = (url: string, options: Partial<ProbeOptions> = {}) =>
  probeService(url, { timeoutMs: 10_000, clock: createManualClock(), ...options });

describe('a service that answers', () => {
  it.each([
    [200, 'good', 'answers 200 OK'],
    [404, 'good', 'answers 404 Not Found'],
    [503, 'server-error', 'answers 503 Service Unavailable'],
    [524, 'server-error', 'answers 524: the CDN reached the server, which gave no answer in time'],
  ] as const)('%i is %s', async (status, verdict, fact) => {
    await using server = await serveHttp((_, res) => res.writeHead(status, 'as the server calls it').end('a body'));
    const clock = createManualClock();
    expect(await probe(server.origin, { clock })).toEqual({
      verdict,
      status,
      fact,
      tookMs: 0,
      certificateExpiresAt: null,
    });
    await settle();
    expect(clock.sleeping()).toEqual([]);
  });

  it('is not asked where it redirects to', async () => {
    const asked: (string | undefined)[] = [];
    await using server = await serveHttp(({ url }, res) => {
      asked.push(url);
      res.writeHead(302, { location: '/elsewhere' }).end();
    });
    expect(await probe(`${server.origin}/?a=1`)).toMatchObject({ verdict: 'good', status: 302 });
    expect(asked).toEqual(['/?a=1']);
  });

  it('is asked by one GET, under our name, on a connection that is not kept', async () => {
    await using server = await serveHttp((_, res) => res.end());
    await probe(`${server.origin}/health`);
    expect(server.received()).toMatch(/^GET \/health HTTP\/1\.1\r\n/);
    expect(server.received().toLowerCase()).toContain('user-agent: breakwater\r\n');
    expect(server.received().toLowerCase()).toContain('connection: close\r\n');
    expect(server.received().toLowerCase()).toContain(`host: 127.0.0.1:${server.port}\r\n`);
  });

  it('is left at the headers: a body that never ends is not read', async () => {
    await using server = await serveHttp((_, res) => {
      const flood = () => {
        while (!res.destroyed && res.write('x'.repeat(65_536)));
        if (!res.destroyed) res.once('drain', flood);
      };
      flood();
    });
    expect(await probe(server.origin)).toMatchObject({ verdict: 'good', status: 200 });
    await expect.poll(() => server.sockets.size).toBe(0);
  });

  it('took no negative time, though the clock was set back meanwhile', async () => {
    const clock = createManualClock();
    const begunAt = clock.now();
    await using server = await serveHttp((_, res) => {
      Object.assign(clock, { now: () => begunAt - 3_600_000 });
      res.end();
    });
    expect(await probe(server.origin, { clock })).toMatchObject({ verdict: 'good', tookMs: 0 });
  });

  it('is good whatever it sends along, as it is for a browser', async () => {
    await using server = await serveTcp((socket) =>
      socket.end(
        `HTTP/1.1 200\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\nSet-Cookie: ${'x'.repeat(100_000)}\r\n\r\n`,
      ),
    );
    expect(await probe(server.origin)).toMatchObject({ verdict: 'good', status: 200 });
  });

  it.skipIf(!HAS_IPV6)('is found at an IPv6 address', async () => {
    await using server = await serveHttp((_, res) => res.end(), '::1');
    expect(await probe(server.origin)).toMatchObject({ verdict: 'good' });
    expect(server.received()).toContain(`[::1]:${server.port}`);
  });

  it('is found at the second address of its name', async () => {
    await using server = await serveHttp((_, res) => res.end());
    const lookup = resolveTo(['127.0.0.77', '127.0.0.1']);
    expect(await probe(`http://web.example:${server.port}/`, { lookup })).toMatchObject({ verdict: 'good' });
  });

  it('is good when it asks for another protocol', async () => {
    await using server = await serveTcp((socket) =>
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n'),
    );
    expect(await probe(server.origin)).toMatchObject({ verdict: 'good', status: 101 });
  });

  it('is told when it speaks no HTTP', async () => {
    await using server = await serveTcp((socket) => socket.write('SSH-2.0-OpenSSH_9.6\r\n'));
    const { verdict, status, fact } = await probe(server.origin);
    expect({ verdict, status, fact }).toEqual({
      verdict: 'server-error',
      status: null,
      fact: 'answers, but not in HTTP',
    });
  });
});

describe('a service that gives no answer in time', () => {
  it.each([
    ['stays silent', () => {}],
    ['never ends its headers', (socket) => socket.write('HTTP/1.1 200 OK\r\nServer: slow\r\n')],
    ['has only early hints', (socket) => socket.write('HTTP/1.1 103 Early Hints\r\n\r\n')],
  ] satisfies [string, Parameters<typeof serveTcp>[0]][])('is given up when it %s', async (_, handler) => {
    await using server = await serveTcp(handler);
    const clock = createManualClock();
    const probing = probe(server.origin, { clock });
    await expect.poll(() => server.received()).toContain('GET /');
    await clock.advance(9_999);
    expect(server.sockets.size).toBe(1);
    await clock.advance(1);
    expect(await probing).toMatchObject({
      verdict: 'timeout',
      status: null,
      tookMs: 10_000,
      fact: 'no answer within 10 s: it took the connection, and stayed silent',
    });
    await expect.poll(() => server.sockets.size).toBe(0);
  });

  it('is given up while its name is still being looked up', async () => {
    const clock = createManualClock();
    const probing = probe('http://web.example/', { clock, timeoutMs: 2_000, lookup: () => {} });
    await clock.advance(2_000);
    expect(await probing).toMatchObject({
      verdict: 'timeout',
      fact: 'no answer within 2 s: no connection came about',
    });
  });

  it('is given up at once when the probe is called off, and no timer is left', async () => {
    await using server = await serveTcp(() => {});
    const clock = createManualClock();
    const ending = new AbortController();
    const probing = probe(server.origin, { clock, signal: ending.signal });
    await expect.poll(() => server.sockets.size).toBe(1);
    ending.abort();
    expect((await probing).fact).toBe('the probe was called off');
    expect(clock.sleeping()).toEqual([]);
  });
});

describe('a service that cannot be reached', () => {
  it('refuses', async () => {
    expect(await probe(`http://127.0.0.1:${await findDeadPort()}/`)).toMatchObject({
      verdict: 'refused',
      status: null,
      fact: 'nothing listens there',
    });
  });

  it('refuses at each address of its name', async () => {
    const lookup = resolveTo(['127.0.0.77', '127.0.0.78']);
    const url = `http://web.example:${await findDeadPort()}/`;
    expect(await probe(url, { lookup })).toMatchObject({ verdict: 'refused' });
  });

  it('has an unknown name', async () => {
    expect(await probe('https://web.example/', { lookup: resolveTo(undefined) })).toMatchObject({
      verdict: 'name-unknown',
      fact: 'the name web.example is unknown',
    });
  });

  it.each([
    ['resets', (socket) => socket.resetAndDestroy()],
    ['hangs up', (socket) => socket.end()],
    ['hangs up amid its headers', (socket) => socket.end('HTTP/1.1 200 OK\r\nServer: x\r\n')],
  ] satisfies [string, Parameters<typeof serveTcp>[0]][])('is cut when it %s', async (_, handle) => {
    await using server = await serveTcp((socket) => void socket.once('data', () => handle(socket)));
    expect(await probe(server.origin)).toMatchObject({ verdict: 'cut', fact: 'the connection was cut' });
  });

  it.each(['no address', 'http://me:%@x.example/', ''])(
    'is no reason to throw, whatever the address: %o',
    async (url) => {
      expect(await probe(url, { lookup: resolveTo(['127.0.0.1']) })).toMatchObject({ status: null });
    },
  );
});

it('tells no more of the address than its host name, and sends the rest', async () => {
  await using server = await serveHttp((_, res) => res.writeHead(500).end());
  const secretUrl = (host: string) => `http://zebra:zebra@${host}/zebra?zebra=zebra#zebra`;
  const answers = await Promise.all([
    probe(secretUrl(`127.0.0.1:${server.port}`)),
    probe(secretUrl(`127.0.0.1:${await findDeadPort()}`)),
    probe(secretUrl('web.example'), { lookup: resolveTo(undefined) }),
  ]);
  expect(JSON.stringify(answers)).not.toContain('zebra');
  expect(server.received()).toContain('GET /zebra?zebra=zebra HTTP/1.1');
  expect(server.received()).toContain(`Basic ${Buffer.from('zebra:zebra').toString('base64')}`);
});
