import { describe, expect, it } from 'vitest';
import { type ProbeOptions, probeService } from '../../src/probes/probe-service.ts';
import { createCertificate } from '../support/certificate.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { resolveTo, serveHttps, serveTcp } from './servers.ts';

/** In this file the clock of the probe stands at the time of the incident; OpenSSL goes by the machine's. */
const NOW = Date.UTC(2020, 11, 11, 13, 24);
const DAY_MS = 86_400_000;
const names = ['127.0.0.1', 'web.example'];
const valid = createCertificate({ names, startsAt: NOW - DAY_MS, endsAt: Date.UTC(2049, 0, 1) });
const expired = createCertificate({ names, startsAt: NOW - 90 * DAY_MS, endsAt: NOW - 3 * DAY_MS });
const future = createCertificate({ names, startsAt: Date.UTC(2048, 0, 1), endsAt: Date.UTC(2049, 0, 1) });
const other = createCertificate({ names: ['other.example'], startsAt: NOW, endsAt: Date.UTC(2049, 0, 1) });

const probe = (url: string, options: Partial<ProbeOptions> = {}) =>
  probeService(url, { timeoutMs: 10_000, clock: createManualClock(NOW), ...options });

describe('a service behind TLS', () => {
  it('is good when its certificate is, and tells when that ends', async () => {
    await using server = await serveHttps(valid, (_, res) => res.end());
    expect(await probe(server.origin, { ca: valid.cert })).toMatchObject({
      verdict: 'good',
      fact: 'answers 200 OK',
      certificateExpiresAt: Date.UTC(2049, 0, 1),
    });
  });

  it('is asked for by its name, which its certificate must bear', async () => {
    const serverNames: unknown[] = [];
    await using server = await serveHttps(valid, ({ socket, headers }, res) => {
      serverNames.push(Reflect.get(socket, 'servername'), headers.host);
      res.end();
    });
    const lookup = resolveTo(['127.0.0.1']);
    const url = `https://web.example:${server.port}/`;
    expect(await probe(url, { ca: valid.cert, lookup })).toMatchObject({ verdict: 'good' });
    expect(serverNames).toEqual(['web.example', `web.example:${server.port}`]);
  });

  it('says that its certificate has ended, and when', async () => {
    await using server = await serveHttps(expired, (_, res) => res.end());
    expect(await probe(server.origin, { ca: expired.cert })).toMatchObject({
      verdict: 'tls-failed',
      status: null,
      fact: 'the TLS handshake failed: its certificate ended 3 d ago',
      certificateExpiresAt: NOW - 3 * DAY_MS,
    });
  });

  it.each([
    ['that has not begun', future, 'its certificate is not valid yet'],
    ['of another name', other, 'its certificate is for another name'],
  ] as const)('does not pass with a certificate %s', async (_, certificate, why) => {
    await using server = await serveHttps(certificate, (_, res) => res.end());
    expect(await probe(server.origin, { ca: certificate.cert })).toMatchObject({
      verdict: 'tls-failed',
      fact: `the TLS handshake failed: ${why}`,
    });
  });

  it('does not pass with a certificate of nobody we know, and is sent nothing', async () => {
    const asked: unknown[] = [];
    await using server = await serveHttps(valid, ({ url }, res) => {
      asked.push(url);
      res.end();
    });
    expect(await probe(`${server.origin}/a-token`)).toMatchObject({
      verdict: 'tls-failed',
      fact: 'the TLS handshake failed: its certificate is signed by no authority that is known here',
    });
    await expect.poll(() => server.sockets.size).toBe(0);
    expect(asked).toEqual([]);
  });

  it('does not pass when it speaks no TLS', async () => {
    await using server = await serveTcp((socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const { verdict, fact } = await probe(`https://127.0.0.1:${server.port}/`);
    expect(verdict).toBe('tls-failed');
    expect(fact).toMatch(/^the TLS handshake failed: wrong version number$/);
  });

  it('is cut when it hangs up in the handshake', async () => {
    await using server = await serveTcp((socket) => void socket.once('data', () => socket.end()));
    expect(await probe(`https://127.0.0.1:${server.port}/`)).toMatchObject({
      verdict: 'cut',
      fact: 'the connection was cut in the TLS handshake',
    });
  });

  it('is given up when its handshake stands still', async () => {
    await using server = await serveTcp(() => {});
    const clock = createManualClock(NOW);
    const probing = probe(`https://127.0.0.1:${server.port}/`, { clock });
    await expect.poll(() => server.received().length).toBeGreaterThan(0);
    await clock.advance(10_000);
    expect(await probing).toMatchObject({
      verdict: 'timeout',
      fact: 'no answer within 10 s: it took the connection, and the TLS handshake stood still',
    });
    await expect.poll(() => server.sockets.size).toBe(0);
  });
});
