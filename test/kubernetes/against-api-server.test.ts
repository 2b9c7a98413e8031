import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { NewObject } from '../../sandbox/kubernetes/api/object.ts';
import { createSandboxKubernetes, type SandboxKubernetes } from '../../sandbox/kubernetes/create-sandbox-kubernetes.ts';
import { createKubernetes, type Kubernetes } from '../../src/kubernetes/create-kubernetes.ts';
import type { ClusterState } from '../../src/model/cluster.ts';
import { systemClock } from '../../src/time/system-clock.ts';
import { createRecordedLog } from '../support/recorded-log.ts';
import { makeCertificate, makeDirectory, nodeObject, podObject, replicaSetObject, until } from './world.ts';

let server: SandboxKubernetes;
let kubernetes: Kubernetes;

beforeEach(async () => {
  server = await createSandboxKubernetes({ tls: makeCertificate() });
  onTestFinished(() => server.close());
  const directory = await makeDirectory({ kubeconfig: server.kubeconfig() });
  make('', 'nodes', nodeObject('node-a'));
  kubernetes = await createKubernetes({
    config: { kubeconfig: `${directory}/kubeconfig` },
    environment: {},
    clock: systemClock,
    log: createRecordedLog(),
    random: () => 1,
  });
  onTestFinished(() => kubernetes.close());
  await until(() => kubernetes.cluster.latest().ok && watches() === 2);
});

function typeOf(group: string, plural: string) {
  const type = server.api.find(group, plural);
  if (!type) throw new Error(`${plural} are not served`);
  return type;
}

const make = (group: string, plural: string, object: object) =>
  server.api.create(typeOf(group, plural), object as NewObject);
const makePod = (name: string, given: Parameters<typeof podObject>[1] = {}) => make('', 'pods', podObject(name, given));
const removePod = (name: string) => server.api.delete(typeOf('', 'pods'), 'default', name, { gracePeriodSeconds: 0 });
const sent = (part: string): number => server.requests.filter(({ path }) => path.includes(part)).length;
const watches = (): number => sent('watch=true');
const lists = (): number => sent('/api/v1/pods?limit');

function state(): ClusterState {
  const seen = kubernetes.cluster.latest();
  if (!seen.ok) throw new Error(seen.reason);
  return seen.value;
}

describe('the adapter against the API server', () => {
  it('sees pods come and go, with Deployment and revision', async () => {
    const { uid } = make('apps', 'replicasets', replicaSetObject('site-1', 'site', '14')).metadata;
    const given = podObject('site-1-abc', { replicaSet: 'site-1', ip: '10.2.0.7' });
    const [owner] = given.metadata.ownerReferences ?? [];
    make('', 'pods', { ...given, metadata: { ...given.metadata, ownerReferences: [{ ...owner, uid }] } });
    await until(() => state().pods[0]?.owner?.revision === '14');
    removePod('site-1-abc');
    await until(() => state().vanished.length === 1);
    expect(state()).toMatchObject({
      pods: [],
      vanished: [{ addresses: ['10.2.0.7'], owner: { kind: 'Deployment', name: 'site', revision: '14' } }],
      nodes: [{ name: 'node-a', ready: 'True' }],
    });
  });

  it('misses nothing while its connections are cut, and lists nothing anew for that', async () => {
    makePod('site-1');
    await until(() => state().pods.length === 1);
    server.faults.closeSockets();
    removePod('site-1');
    makePod('site-2');
    await until(() => state().pods[0]?.name === 'site-2');
    expect(state().vanished).toMatchObject([{ name: 'site-1' }]);
    expect(lists()).toBe(1);
  });

  it('finds what went while the server forgot', async () => {
    makePod('site-1', { ip: '10.2.0.7' });
    await until(() => state().pods.length === 1);
    const since = state().watchedSince;
    const stop = server.faults.set({ kind: 'refuse', code: 500, path: 'watch=true' });
    server.faults.dropWatches();
    await until(() => server.requests.filter(({ status }) => status === 500).length >= 2);
    removePod('site-1');
    server.faults.compact();
    stop();
    await until(() => state().vanished.length === 1);
    expect(state().vanished).toMatchObject([{ name: 'site-1', addresses: ['10.2.0.7'] }]);
    expect(state().watchedSince).toBeGreaterThan(since);
  });

  it('lists what is there when it asks, in pages', async () => {
    for (let index = 0; index < 501; index += 1) makePod(`pod-${index}`);
    const listed = await kubernetes.cluster.list();
    expect(listed.ok && listed.value.pods.length).toBe(501);
  });

  it('reads what is there and what is not', async () => {
    const template = {
      metadata: { labels: { app: 'pg' } },
      spec: { containers: [{ name: 'pg', image: 'postgres:16' }] },
    };
    const spec = { replicas: 1, selector: { matchLabels: { app: 'pg' } }, template, strategy: { type: 'Recreate' } };
    make('apps', 'deployments', { metadata: { name: 'pg', namespace: 'default' }, spec });
    const read = (name: string) => kubernetes.objects.readWorkload({ namespace: 'default', kind: 'deployment', name });
    expect(await read('pg')).toMatchObject({ ok: true, value: { strategy: 'Recreate', images: ['postgres:16'] } });
    expect(await read('nope')).toMatchObject({ ok: true, value: null });
  });

  it('holds at most four connections through faults of every kind', async () => {
    let most = 0;
    const look = (): void => {
      most = Math.max(most, server.connections());
    };
    server.faults.set({ kind: 'refuse', code: 504, path: '/api/v1/nodes/node-a', times: 5 });
    server.faults.set({ kind: 'drop', path: '/api/v1/nodes/node-a', times: 5 });
    const hang = server.faults.set({ kind: 'hang', path: '/api/v1/nodes/node-a', times: 3 });
    const asked = Array.from({ length: 60 }, async () => {
      await kubernetes.client.request({ path: '/api/v1/nodes/node-a', deadlineMs: 500 }).catch(() => null);
      look();
    });
    await Promise.all([...asked, kubernetes.cluster.list()]);
    hang();
    expect(most).toBeGreaterThanOrEqual(3);
    expect(most).toBeLessThanOrEqual(4);
  });

  it('leaves no connection behind', async () => {
    await kubernetes.close();
    await until(() => server.connections() === 0);
  });
});
