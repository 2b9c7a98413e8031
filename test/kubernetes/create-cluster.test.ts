import { describe, expect, it, onTestFinished } from 'vitest';
import { createCluster, type WatchedCluster } from '../../src/kubernetes/create-cluster.ts';
import { joinNext } from '../../src/kubernetes/join-next.ts';
import { createObserver } from '../../src/kubernetes/observe.ts';
import type { ClusterState } from '../../src/model/cluster.ts';
import type { Observed } from '../../src/model/observed.ts';
import { type FakeApiServer, sendStatus } from '../support/fake-api-server.ts';
import { createMovableClock, type MovableClock } from '../support/movable-clock.ts';
import { createRecordedLog } from '../support/recorded-log.ts';
import { makeClient, nodeObject, podObject, replicaSetObject, startServer, until } from './world.ts';

const [PODS, NODES, REPLICA_SETS] = ['/api/v1/pods', '/api/v1/nodes', '/apis/apps/v1/replicasets'] as const;

function start(server: FakeApiServer): { readonly cluster: WatchedCluster; readonly clock: MovableClock } {
  const clock = createMovableClock();
  const log = createRecordedLog();
  const client = makeClient(server, { clock });
  const cluster = createCluster({ client, clock, log, random: () => 1, observe: createObserver(clock, log) });
  onTestFinished(async () => {
    const closed = cluster.close();
    client.close();
    await closed;
  });
  return { cluster, clock };
}

function valueOf(observed: Observed<ClusterState>): ClusterState {
  if (!observed.ok) throw new Error(observed.reason);
  return observed.value;
}

const watched = (server: FakeApiServer) => until(() => server.watching(PODS) === 1 && server.watching(NODES) === 1);
const listsOf = (server: FakeApiServer, path: string) =>
  server.requests.filter((request) => request.path === path && !request.query.has('watch'));

describe('the cluster as the watches tell it', () => {
  it('is unseen until both have been listed', async () => {
    const server = await startServer();
    server.intercept(({ path }) => path === NODES);
    const { cluster } = start(server);
    await until(() => server.watching(PODS) === 1);
    expect(cluster.latest()).toMatchObject({ ok: false, reason: 'The nodes of the cluster have not been listed yet.' });
    expect(cluster.blind()?.reason).toContain('nodes');
  });

  it('is blind as soon as it gets no answer, though what it saw last counts for a while', async () => {
    const server = await startServer();
    const { cluster } = start(server);
    await watched(server);
    await until(() => cluster.blind() === null);
    server.intercept((_, response) => {
      sendStatus(response, 503, 'ServiceUnavailable', 'apiserver is shutting down');
      return true;
    });
    server.endWatches('cut');
    await until(() => cluster.blind()?.reason.includes('shutting down') === true);
    expect(cluster.latest().ok).toBe(true);
    server.intercept(null);
    await until(() => cluster.blind() === null);
  });

  it('holds pods, nodes and what vanished, with Deployment and revision', async () => {
    const server = await startServer();
    server.set(PODS, [podObject('site-1', { replicaSet: 'site-rs', ip: '10.2.0.7' })]);
    server.set(NODES, [nodeObject('node-a', { annotations: { 'projectcalico.org/IPv4IPIPTunnelAddr': '10.2.0.1' } })]);
    server.set(REPLICA_SETS, [replicaSetObject('site-rs', 'site', '14'), replicaSetObject('other', 'bot', '2')]);
    const { cluster } = start(server);
    await watched(server);
    const owner = { kind: 'Deployment', name: 'site', revision: '14' };
    await until(() => valueOf(cluster.latest()).pods[0]?.owner?.revision === '14');
    expect(valueOf(cluster.latest())).toMatchObject({
      pods: [{ name: 'site-1', owner }],
      nodes: [{ tunnelAddresses: ['10.2.0.1'] }],
    });
    server.tell(PODS, 'DELETED', podObject('site-1', { replicaSet: 'site-rs', ip: '10.2.0.7', version: 1_001 }));
    await until(() => valueOf(cluster.latest()).vanished.length === 1);
    expect(valueOf(cluster.latest())).toMatchObject({ pods: [], vanished: [{ addresses: ['10.2.0.7'], owner }] });
    await cluster.list();
    const [asked] = listsOf(server, REPLICA_SETS);
    expect(asked?.headers.accept).toContain('as=PartialObjectMetadataList');
    expect(listsOf(server, REPLICA_SETS)).toHaveLength(1);
  });

  it('tells a burst of changes as one, and a heartbeat not at all', async () => {
    const server = await startServer();
    const { cluster, clock } = start(server);
    let told = 0;
    const stop = cluster.onChange(() => {
      told += 1;
    });
    await watched(server);
    for (let index = 0; index < 20; index += 1)
      server.tell(PODS, 'ADDED', podObject(`site-${index}`, { version: 1_001 + index }));
    await until(() => valueOf(cluster.latest()).pods.length === 20);
    clock.skip(1_000);
    await until(() => told === 1);
    server.tell(PODS, 'MODIFIED', podObject('site-1', { version: 1_050 }));
    await new Promise((resolve) => setTimeout(resolve, 20));
    clock.skip(1_000);
    stop();
    server.tell(PODS, 'DELETED', podObject('site-1', { version: 1_051 }));
    await until(() => valueOf(cluster.latest()).pods.length === 19);
    clock.skip(1_000);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(told).toBe(1);
  });

  it('is as old as the sign of life of the watch that was silent for longer, and unseen once that is stale', async () => {
    const server = await startServer();
    const { cluster, clock } = start(server);
    await watched(server);
    const { at } = cluster.latest();
    server.intercept(() => true);
    clock.skip(50_000);
    server.tell(PODS, 'ADDED', podObject('site-1', { version: 1_001 }));
    await until(() => valueOf(cluster.latest()).pods.length === 1);
    expect(cluster.latest().at - at).toBeLessThan(1_000);
    clock.skip(45_000);
    expect(cluster.latest()).toMatchObject({ ok: false, reason: expect.stringContaining('nodes') as string });
  });
});

describe('the cluster listed anew', () => {
  it('is as of when it was asked for, from the server and not from the watch', async () => {
    const server = await startServer();
    const { cluster, clock } = start(server);
    await watched(server);
    server.set(PODS, [podObject('site-1')]);
    const askedAt = clock.now();
    server.intercept(({ path }) => {
      if (path === PODS) clock.skip(2_000);
      return false;
    });
    const listed = await cluster.list();
    expect(valueOf(listed).pods).toMatchObject([{ name: 'site-1' }]);
    expect(listed.at - askedAt).toBeLessThan(1_000);
  });

  it('names what the watch knew and the list lacks, and not what came after it was asked for', async () => {
    const server = await startServer();
    server.set(PODS, [podObject('site-1', { ip: '10.2.0.7' })]);
    const { cluster } = start(server);
    await watched(server);
    server.set(PODS, []);
    let told = false;
    server.intercept(({ path }) => {
      if (path === PODS && !told) server.tell(PODS, 'ADDED', podObject('site-2', { version: 1_001 }));
      told = true;
      return false;
    });
    const { pods, vanished } = valueOf(await cluster.list());
    expect(pods).toEqual([]);
    expect(vanished).toMatchObject([{ name: 'site-1', addresses: ['10.2.0.7'] }]);
  });

  it('names a pod that the list lacks also where it has left an address before', async () => {
    const server = await startServer();
    server.set(PODS, [podObject('site-1', { ip: '10.2.0.7' })]);
    const { cluster } = start(server);
    await watched(server);
    server.tell(PODS, 'MODIFIED', podObject('site-1', { ip: '10.2.0.8', version: 1_001 }));
    await until(() => valueOf(cluster.latest()).vanished.length === 1);
    server.set(PODS, []);
    expect(valueOf(await cluster.list()).vanished.map(({ addresses }) => addresses)).toEqual([
      ['10.2.0.7'],
      ['10.2.0.8'],
    ]);
  });

  it('is unseen with the reason where the server does not answer, and asks for owners in vain without harm', async () => {
    const server = await startServer();
    server.set(PODS, [podObject('site-1', { replicaSet: 'site-77d', labels: { 'pod-template-hash': '77d' } })]);
    const refuse = (refused: string) =>
      server.intercept(({ path }, response) => {
        if (path !== refused) return false;
        sendStatus(response, 403, 'Forbidden', `you cannot list ${refused}`);
        return true;
      });
    refuse(REPLICA_SETS);
    const { cluster } = start(server);
    expect(valueOf(await cluster.list()).pods).toMatchObject([
      { owner: { kind: 'Deployment', name: 'site', revision: null } },
    ]);
    refuse(NODES);
    expect(await cluster.list()).toMatchObject({ ok: false, reason: expect.stringContaining('cannot list') as string });
  });

  it('holds at most four connections while it watches and lists', async () => {
    const server = await startServer();
    const { cluster } = start(server);
    await watched(server);
    await Promise.all(Array.from({ length: 20 }, () => cluster.list()));
    expect(server.connections.peak).toBeLessThanOrEqual(4);
  });
});

describe('joining those who ask', () => {
  it('shares the next one, never the one that began before they asked', async () => {
    const gates: (() => void)[] = [];
    let begun = 0;
    const ask = joinNext(async () => {
      begun += 1;
      const number = begun;
      await new Promise<void>((resolve) => gates.push(resolve));
      return number;
    });
    const answers = [ask(), ask(), ask()];
    gates[0]?.();
    await until(() => gates.length === 2);
    const late = ask();
    gates[1]?.();
    await until(() => gates.length === 3);
    gates[2]?.();
    expect(await Promise.all([...answers, late])).toEqual([1, 2, 2, 3]);
  });

  it('goes on after one that failed', async () => {
    let fails = true;
    const ask = joinNext(async () => {
      if (!fails) return 'well';
      fails = false;
      throw new Error('ill');
    });
    const [first, second] = await Promise.allSettled([ask(), ask()]);
    expect([first.status, second]).toEqual(['rejected', { status: 'fulfilled', value: 'well' }]);
  });
});
