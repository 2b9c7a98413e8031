import { describe, expect, it } from 'vitest';
import { ApiError } from '../../src/kubernetes/api-error.ts';
import type { ApiRequest } from '../../src/kubernetes/client.ts';
import { sendJson, sendStatus } from '../support/fake-api-server.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { createMovableClock } from '../support/movable-clock.ts';
import { makeCertificate, makeClient, makeKubeconfig, podObject, startServer, until } from './world.ts';

const POD: ApiRequest = { path: '/api/v1/pods/site' };

async function faultOf(act: Promise<unknown>): Promise<ApiError> {
  const error = await act.then(
    () => null,
    (error: unknown) => error,
  );
  if (error instanceof ApiError) return error;
  throw new Error(`no ApiError: ${String(error)}`);
}

describe('the client of the API server', () => {
  it('reads one object over TLS that the CA of the kubeconfig vouches for', async () => {
    const tls = makeCertificate();
    const server = await startServer({ tls });
    server.set('/api/v1/pods', [podObject('site')]);
    const caData = Buffer.from(tls.cert).toString('base64');
    const client = makeClient(server, {
      kubeconfig: makeKubeconfig(server, { caData, skipTLSVerify: false, token: 't0k3n' }),
    });
    expect(await client.request(POD)).toMatchObject({ metadata: { name: 'site' } });
    expect(server.requests[0]?.headers.authorization).toBe('Bearer t0k3n');
  });

  it('refuses a server that the CA does not vouch for, and says what to correct', async () => {
    const server = await startServer({ tls: makeCertificate() });
    const caData = Buffer.from(makeCertificate().cert).toString('base64');
    const client = makeClient(server, {
      kubeconfig: makeKubeconfig(server, { caData, skipTLSVerify: false, token: 't0k3n' }),
    });
    const error = await faultOf(client.request(POD));
    expect(error).toMatchObject({ fault: 'unavailable', outcomeUnknown: false });
    expect(error.message).toContain('certificate-authority');
    expect(server.requests).toEqual([]);
  });

  it('shows its own certificate', async () => {
    const [tls, own] = [makeCertificate(), makeCertificate()];
    const server = await startServer({ tls: { ...tls, clientCa: own.cert } });
    server.set('/api/v1/pods', [podObject('site')]);
    const [certData = '', keyData = ''] = [own.cert, own.key].map((text) => Buffer.from(text).toString('base64'));
    const with_ = makeClient(server, { kubeconfig: makeKubeconfig(server, { certData, keyData }) });
    expect(await with_.request(POD)).toMatchObject({ metadata: { name: 'site' } });
    const without = makeClient(server);
    expect((await faultOf(without.request(POD))).fault).toBe('unavailable');
  });

  it('sends a body as JSON, or as the kind of patch that is asked for', async () => {
    const server = await startServer();
    server.intercept((_, response) => {
      sendJson(response, 200, {});
      return true;
    });
    const client = makeClient(server);
    await client.request({ ...POD, method: 'POST', body: { a: 1 } });
    await client.request({ ...POD, method: 'PATCH', body: [], contentType: 'application/json-patch+json' });
    expect(server.requests.map(({ body, headers }) => [body, headers['content-type']])).toEqual([
      ['{"a":1}', 'application/json'],
      ['[]', 'application/json-patch+json'],
    ]);
  });

  it('reads again where an idle connection was closed under it, and never writes again', async () => {
    const server = await startServer();
    server.set('/api/v1/pods', [podObject('site')]);
    const client = makeClient(server);
    const cutNext = () => {
      let cut = false;
      server.intercept((_, response) => {
        if (cut) return false;
        cut = true;
        response.destroy();
        return true;
      });
    };
    await client.request(POD);
    cutNext();
    expect(await client.request(POD)).toMatchObject({ metadata: { name: 'site' } });
    cutNext();
    const writes = (): number => server.requests.filter(({ method }) => method === 'DELETE').length;
    expect(await faultOf(client.request({ ...POD, method: 'DELETE' }))).toMatchObject({ outcomeUnknown: true });
    expect(writes()).toBe(1);
  });

  it('says nothing listens there, and that a write was not done', async () => {
    const server = await startServer();
    const client = makeClient(server);
    await server.close();
    const error = await faultOf(client.request({ ...POD, method: 'DELETE' }));
    expect(error).toMatchObject({ fault: 'unavailable', outcomeUnknown: false });
    expect(error.message).toBe('The API server cannot be reached: nothing listens there.');
  });

  it.each(['before its head', 'within its body'])('gives up an answer that stops %s', async (when) => {
    const server = await startServer();
    server.intercept((_, response) => {
      if (when === 'within its body') response.writeHead(200).write('{"metadata":');
      return true;
    });
    const clock = createMovableClock();
    const client = makeClient(server, { clock });
    const asked = faultOf(client.request({ ...POD, method: 'PATCH', body: {} }));
    await until(() => server.requests.length === 1);
    clock.skip(10_000);
    expect(await asked).toMatchObject({ fault: 'timeout', outcomeUnknown: true });
    await until(() => server.connections.open === 0);
    await until(() => clock.sleepers === 0);
  });

  it('gives up waiting for a free connection, and asks the server nothing then', async () => {
    const server = await startServer();
    server.intercept(() => true);
    const clock = createMovableClock();
    const client = makeClient(server, { clock });
    const held = [client.request({ ...POD, deadlineMs: 60_000 }), client.request({ ...POD, deadlineMs: 60_000 })].map(
      faultOf,
    );
    await until(() => server.requests.length === 2);
    const waiting = faultOf(client.request(POD));
    clock.skip(10_000);
    expect((await waiting).fault).toBe('timeout');
    const stillWaiting = faultOf(client.request({ ...POD, deadlineMs: 60_000 }));
    client.close();
    for (const { fault } of await Promise.all([...held, stillWaiting])) expect(fault).toBe('unavailable');
    await until(() => server.connections.open === 0);
    expect(server.requests).toHaveLength(2);
  });

  it('never opens more than two connections for requests, whatever comes of them', async () => {
    const server = await startServer({ tls: makeCertificate() });
    server.set('/api/v1/pods', [podObject('site')]);
    let count = 0;
    server.intercept((_, response) => {
      count += 1;
      if (count % 11 === 0) response.destroy();
      else if (count % 41 === 0)
        response.writeHead(200).write('{'); // until its deadline
      else if (count % 3 === 0) sendStatus(response, 500, 'InternalError', 'etcd');
      else return false;
      return true;
    });
    const client = makeClient(server);
    const askInARow = async (): Promise<void> => {
      for (let left = 60; left > 0; left -= 1) await client.request({ ...POD, deadlineMs: 200 }).catch(() => null);
    };
    await Promise.all([askInARow(), askInARow(), askInARow(), askInARow()]);
    expect(count).toBeGreaterThan(100);
    expect(server.connections.peak).toBeLessThanOrEqual(2);
  });

  it('opens no other in the place of one that it has cut before the server can have seen that', async () => {
    const server = await startServer();
    server.intercept(() => true);
    const clock = createManualClock();
    const client = makeClient(server, { clock });
    const cut = [client.request(POD), client.request(POD)].map(faultOf);
    await until(() => server.requests.length === 2);
    const next = client.request({ ...POD, deadlineMs: 60_000 }).catch(() => null);
    await clock.advance(10_000);
    await Promise.all(cut);
    await until(() => server.connections.open === 0);
    expect(server.requests).toHaveLength(2);
    await clock.advance(25);
    await until(() => server.requests.length === 3);
    client.close();
    await next;
  });

  it('leaves no connection when it is closed, and asks no more', async () => {
    const server = await startServer();
    server.set('/api/v1/pods', [podObject('site')]);
    const client = makeClient(server);
    await client.request(POD);
    client.close();
    await until(() => server.connections.open === 0);
    expect((await faultOf(client.request(POD))).fault).toBe('unavailable');
    expect(server.requests).toHaveLength(1);
  });
});
