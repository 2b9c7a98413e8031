import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../sandbox/kubernetes/api/object.ts';
import type { Fault } from '../../sandbox/kubernetes/faults.ts';
import { createClusterChanges } from '../../src/kubernetes/cluster-changes.ts';
import type { Change } from '../../src/model/cluster-changes.ts';
import { systemClock } from '../../src/time/system-clock.ts';
import { type FakeApiServer, sendJson, sendStatus } from '../support/fake-api-server.ts';
import { readGolden, readGoldenBody, WITHOUT_GOLDEN, wireText } from '../support/golden.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { type ChangesGround, createChangesGround, SITE } from './changes-ground.ts';
import { makeClient, startServer, until } from './world.ts';

type Ask = (ground: ChangesGround) => Promise<Change>;

const scale: Ask = ({ changes, uid }) =>
  changes.scale({ reference: SITE, uid: uid(), from: 3, to: 0, held: 'remember' });
const restart: Ask = ({ changes, uid }) => changes.restart(SITE, uid(), 'run-1');
const isDone = ({ spec }: KubeObject): boolean =>
  spec.replicas === 0 || spec.template.metadata.annotations?.['kubectl.kubernetes.io/restartedAt'] === 'run-1';

const WRITE = { method: 'PATCH', times: 1 } as const;
const LOOK = { method: 'GET', times: 1 } as const;

describe.each<[string, Ask]>([
  ['scale', scale],
  ['restart', restart],
])('%s under a fault', (_, ask) => {
  it.each<[string, Fault, Change['kind'], boolean, RegExp]>([
    ['409', { ...WRITE, kind: 'refuse', code: 409 }, 'refused', false, /changed by somebody else/],
    ['500 before the effect', { ...WRITE, kind: 'refuse', code: 500 }, 'unknown', false, /answers with a fault/],
    ['500 after it', { ...WRITE, kind: 'refuse', code: 500, when: 'after' }, 'unknown', true, /answers with a fault/],
    ['504 before the effect', { ...WRITE, kind: 'refuse', code: 504 }, 'unknown', false, /ran out of time/],
    ['504 after it', { ...WRITE, kind: 'refuse', code: 504, when: 'after' }, 'unknown', true, /ran out of time/],
    ['a dropped connection', { ...WRITE, kind: 'drop' }, 'unknown', false, /connection to the API server broke/],
    [
      'one dropped after it',
      { ...WRITE, kind: 'drop', when: 'after' },
      'unknown',
      true,
      /connection to the API server/,
    ],
    [
      '500 for the look',
      { ...LOOK, kind: 'refuse', code: 500 },
      'refused',
      false,
      /^Nothing was done, as it could not/,
    ],
    ['a dropped look', { ...LOOK, kind: 'drop' }, 'refused', false, /^Nothing was done, as it could not be looked at/],
  ])('%s: says what is so, and sends one PATCH at most', async (__, fault, kind, happened, words) => {
    const ground = await createChangesGround();
    ground.server.faults.set(fault);
    expect(await ask(ground)).toEqual({ kind, reason: expect.stringMatching(words) as string });
    expect(isDone(ground.site())).toBe(happened);
    expect(ground.patches()).toBe(fault.method === 'PATCH' ? 1 : 0);
  });

  it.each(['get', 'patch'])('403 for %s: is refused, and says which right is missing', async (verb) => {
    const ground = await createChangesGround({ authorise: (__, ___, asked) => ({ allowed: asked.verb !== verb }) });
    const reason = expect.stringContaining('The bot may not do this in the cluster, grant it in its role') as string;
    expect(await ask(ground)).toEqual({ kind: 'refused', reason });
    expect(isDone(ground.site())).toBe(false);
    expect(ground.patches()).toBe(verb === 'patch' ? 1 : 0);
  });

  it('waits a 429 out, as it comes before any effect', async () => {
    const clock = createManualClock();
    const ground = await createChangesGround({ clock });
    ground.server.faults.set({ ...WRITE, kind: 'refuse', code: 429, times: 2 });
    const asked = ask(ground);
    for (const sent of [1, 2]) {
      await until(() => ground.patches() === sent && clock.sleeping().includes(1_000));
      await clock.advance(1_000);
    }
    expect(await asked).toEqual({ kind: 'done' });
    expect([ground.patches(), isDone(ground.site())]).toEqual([3, true]);
  });

  it('does not wait for ever where it is too busy', async () => {
    const clock = createManualClock();
    const ground = await createChangesGround({ clock });
    ground.server.faults.set({ method: 'PATCH', kind: 'refuse', code: 429 });
    const asked = ask(ground);
    for (const sent of [1, 2]) {
      await until(() => ground.patches() === sent && clock.sleeping().includes(1_000));
      await clock.advance(1_000);
    }
    expect(await asked).toEqual({ kind: 'refused', reason: expect.stringContaining('too busy to answer') as string });
    expect([ground.patches(), isDone(ground.site())]).toEqual([3, false]);
  });

  it.each([
    ['write', WRITE, 'unknown', 1],
    ['look', LOOK, 'refused', 0],
  ] as const)('does not wait for ever for an answer to the %s', async (__, match, kind, patches) => {
    const clock = createManualClock();
    const ground = await createChangesGround({ clock });
    ground.server.faults.set({ ...match, kind: 'hang' });
    const asked = ask(ground);
    await until(() => ground.server.requests.some(({ method }) => method === match.method));
    await clock.advance(10_000);
    expect(await asked).toEqual({ kind, reason: expect.stringContaining('no answer within 10 s') as string });
    expect(ground.patches()).toBe(patches);
  });

  it('does not know what became of what was under way when the bot ends', async () => {
    const ground = await createChangesGround();
    ground.server.faults.set({ ...WRITE, kind: 'hang' });
    const asked = ask(ground);
    await until(() => ground.patches() === 1);
    ground.client.close();
    expect(await asked).toMatchObject({ kind: 'unknown' });
  });
});

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
