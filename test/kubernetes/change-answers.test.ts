import { describe, expect, it } from 'vitest';
import { createClusterChanges } from '../../src/kubernetes/cluster-changes.ts';
import { systemClock } from '../../src/time/system-clock.ts';
import { type FakeApiServer, sendJson, sendStatus } from '../support/fake-api-server.ts';
import { readGolden, readGoldenBody, WITHOUT_GOLDEN, wireText } from '../support/golden.ts';
import { SITE } from './changes-ground.ts';
import { makeClient, startServer } from './world.ts';

describe('an answer that is none', () => {
  const site = {
    metadata: { name: 'site', namespace: 'default', uid: 'u', resourceVersion: '1' },
    spec: { replicas: 3, template: { metadata: { labels: { app: 'site' } } } },
  };

  async function answering(intercept: Parameters<FakeApiServer['intercept']>[0]) {
    const server = await startServer();
    server.set('/apis/apps/v1/namespaces/default/deployments', [site]);
    server.intercept(intercept);
    const changes = createClusterChanges({ client: makeClient(server), clock: systemClock });
    const change = await changes.scale({ reference: SITE, uid: 'u', from: 3, to: 0, held: 'leave' });
    return { change, sent: server.requests.filter(({ method }) => method === 'PATCH') };
  }

  it.each([
    ['no JSON', '<html>hello</html>', /something that is no JSON/],
    [
      'another object',
      JSON.stringify({ ...site, metadata: { ...site.metadata, uid: 'v' }, spec: { ...site.spec, replicas: 0 } }),
      /something else/,
    ],
    ['the object as it was', JSON.stringify(site), /something else/],
    ['a Status of success', JSON.stringify({ kind: 'Status', status: 'Success' }), /something else/],
  ])('leaves a change unknown: %s', async (_, body, words) => {
    const { change, sent } = await answering(({ method }, response) => {
      if (method === 'PATCH') response.writeHead(200).end(body);
      return method === 'PATCH';
    });
    expect(change).toEqual({ kind: 'unknown', reason: expect.stringMatching(words) as string });
    expect(sent).toHaveLength(1);
  });

  it('leaves a change unknown that is answered without end', async () => {
    const { change } = await answering(({ method }, response) => {
      if (method !== 'PATCH') return false;
      const mebibyte = Buffer.alloc(1_048_576, ' ');
      const write = (): void => void (response.destroyed || response.write(mebibyte, write));
      response.writeHead(200);
      write();
      return true;
    });
    expect(change).toEqual({ kind: 'unknown', reason: 'The API server answered with more than 128 MiB.' });
  });

  it('refuses where the look is answered with it', async () => {
    const { change, sent } = await answering((_, response) => {
      sendJson(response, 200, { hello: 1 });
      return true;
    });
    expect(change).toEqual({ kind: 'refused', reason: expect.stringContaining('cannot be read') as string });
    expect(sent).toEqual([]);
  });

  it('sends a JSON Patch with what was seen as its tests, once', async () => {
    const { change, sent } = await answering(({ method }, response) => {
      if (method === 'PATCH') sendJson(response, 200, { ...site, spec: { ...site.spec, replicas: 0 } });
      return method === 'PATCH';
    });
    expect(change).toEqual({ kind: 'done' });
    expect(sent.map(({ headers }) => headers['content-type'])).toEqual(['application/json-patch+json']);
    expect(JSON.parse(sent[0]?.body ?? '')).toEqual([
      { op: 'test', path: '/metadata/uid', value: 'u' },
      { op: 'test', path: '/spec/replicas', value: 3 },
      { op: 'replace', path: '/spec/replicas', value: 0 },
    ]);
  });

  it('is no failed test where the server names what is invalid, and is not tried again', async () => {
    const causes = { causes: [{ reason: 'FieldValueInvalid', field: 'spec.replicas' }] };
    const { change, sent } = await answering(({ method }, response) => {
      if (method === 'PATCH') sendStatus(response, 422, 'Invalid', 'is invalid: spec.replicas', causes);
      return method === 'PATCH';
    });
    expect(change).toEqual({ kind: 'refused', reason: expect.stringContaining('is invalid: spec.replicas') as string });
    expect(sent).toHaveLength(1);
  });

  it.skipIf(WITHOUT_GOLDEN)('is told as recorded from a real API server', async () => {
    const outcome = async (number: string) => {
      const exchange = readGolden(number);
      const { change, sent } = await answering(({ method }, response) => {
        if (method === 'PATCH') response.writeHead(exchange.response.status).end(wireText(exchange));
        return method === 'PATCH';
      });
      return [change.kind, sent.length];
    };
    expect(await outcome('056')).toEqual(['refused', 3]);
    expect(await outcome('059')).toEqual(['refused', 1]);
    expect(await outcome('189')).toEqual(['refused', 1]);
    expect(await outcome('045')).toEqual(['refused', 1]);
    expect(await outcome('314')).toEqual(['unknown', 1]);
  });

  it.skipIf(WITHOUT_GOLDEN)('changes a Deployment as a real API server tells it', async () => {
    const server = await startServer();
    const deployment = readGoldenBody('010') as { metadata: { name: string; uid: string } };
    server.set('/apis/apps/v1/namespaces/golden/deployments', [deployment]);
    server.intercept(({ method }, response) => {
      if (method === 'PATCH') sendJson(response, 200, readGoldenBody('038') as object);
      return method === 'PATCH';
    });
    const changes = createClusterChanges({ client: makeClient(server), clock: systemClock });
    const reference = { namespace: 'golden', kind: 'deployment', name: 'pg' };
    const { uid } = deployment.metadata;
    expect(await changes.scale({ reference, uid, from: 1, to: 0, held: 'leave' })).toEqual({ kind: 'done' });
    // The recorded one is at 0, and remembers nothing: that is not what was asked for.
    expect(await changes.scale({ reference, uid, from: 1, to: 0, held: 'remember' })).toMatchObject({
      kind: 'unknown',
    });
  });
});
