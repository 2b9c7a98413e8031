import { describe, expect, it, onTestFinished } from 'vitest';
import { createKubernetes, type Kubernetes } from '../../src/kubernetes/create-kubernetes.ts';
import { nameManagers } from '../../src/kubernetes/name-managers.ts';
import type { WorkloadReference } from '../../src/model/workload-reference.ts';
import { systemClock } from '../../src/time/system-clock.ts';
import { type FakeApiServer, sendJson, sendStatus } from '../support/fake-api-server.ts';
import { readGolden, WITHOUT_GOLDEN } from '../support/golden.ts';
import { createRecordedLog } from '../support/recorded-log.ts';
import { makeCertificate, makeDirectory, startServer } from './world.ts';

const TOKEN = 'very-secret-token';
const golden = (number: string): never => readGolden(number).response.body as never;
const reference = (kind: string, name: string): WorkloadReference => ({ namespace: 'golden', kind, name });
const ATTACHMENTS = '/apis/storage.k8s.io/v1/volumeattachments';

/** All of it, over TLS, from a kubeconfig. */
async function start(): Promise<{
  server: FakeApiServer;
  kubernetes: Kubernetes;
  log: ReturnType<typeof createRecordedLog>;
}> {
  const tls = makeCertificate();
  const server = await startServer({ tls });
  const directory = await makeDirectory({
    'ca.pem': tls.cert,
    config: `
current-context: drill
clusters: [{ name: c, cluster: { server: "${server.url}", certificate-authority: ca.pem } }]
users: [{ name: u, user: { token: ${TOKEN} } }]
contexts: [{ name: drill, context: { cluster: c, user: u } }]`,
  });
  const log = createRecordedLog();
  const kubernetes = await createKubernetes({
    config: { kubeconfig: `${directory}/config` },
    environment: {},
    clock: systemClock,
    log,
    random: Math.random,
  });
  onTestFinished(() => kubernetes.close());
  return { server, kubernetes, log };
}

describe.skipIf(WITHOUT_GOLDEN)('reading objects of a real API server', () => {
  it('tells a Deployment with its strategy, its revision and its claims', async () => {
    const { server, kubernetes } = await start();
    server.set('/apis/apps/v1/namespaces/golden/deployments', [golden('010')]);
    expect(await kubernetes.objects.readWorkload(reference('deployment', 'pg'))).toMatchObject({
      ok: true,
      value: {
        uid: 'e503b85d-6428-4fe9-8003-8990f6a062a1',
        resourceVersion: '306',
        desired: 1,
        ready: 1,
        strategy: 'Recreate',
        revision: '1',
        images: ['postgres:16'],
        selector: { app: 'pg' },
        claims: ['pg-data'],
        managers: [],
        paused: false,
      },
    });
  });

  it('tells a StatefulSet with its own words for the same', async () => {
    const { server, kubernetes } = await start();
    server.set('/apis/apps/v1/namespaces/golden/statefulsets', [golden('275')]);
    expect(await kubernetes.objects.readWorkload(reference('statefulset', 'db'))).toMatchObject({
      value: { desired: 2, ready: 2, strategy: 'RollingUpdate', revision: 'db-768cb9d5bd' },
    });
  });

  it('follows a claim to its volume and to where that is attached', async () => {
    const { server, kubernetes } = await start();
    const claim = golden('013') as { spec: { volumeName: string } };
    const volume = (golden('153') as { items: { metadata: { name: string } }[] }).items[0];
    if (!volume) throw new Error('golden 153 has no volume');
    volume.metadata.name = claim.spec.volumeName;
    const attachment = (golden('129') as { items: { spec: { source: object } }[] }).items[0];
    const mine = {
      ...attachment,
      spec: { ...attachment?.spec, source: { persistentVolumeName: claim.spec.volumeName } },
    };
    server.set('/api/v1/namespaces/golden/persistentvolumeclaims', [claim as never]);
    server.set('/api/v1/persistentvolumes', [volume]);
    const other = { ...mine, spec: { ...mine.spec, source: { persistentVolumeName: 'another' } } };
    server.set(ATTACHMENTS, [mine, other] as never[]);
    expect(await kubernetes.objects.readStorage(reference('persistentvolumeclaim', 'pg-data'))).toMatchObject({
      ok: true,
      value: {
        claim: { phase: 'Bound', sizeText: '1Gi' },
        volume: {
          reclaimPolicy: 'Delete',
          storageClass: 'sim',
          driver: 'csi.sim.kube',
          accessModes: ['ReadWriteOnce'],
        },
        attachments: [{ node: 'node-a', attached: true, detaching: false, error: null }],
      },
    });
  });

  it('tells that an attachment is on its way out, and what holds it', async () => {
    const { server, kubernetes } = await start();
    const attachment = {
      ...(golden('144') as object),
      status: { attached: true, detachError: { message: 'volume busy' } },
    };
    const { persistentVolumeName: volumeName } = (
      attachment as never as { spec: { source: { persistentVolumeName: string } } }
    ).spec.source;
    server.set('/api/v1/namespaces/golden/persistentvolumeclaims', [
      { metadata: { name: 'c' }, spec: { volumeName }, status: { phase: 'Lost' } },
    ]);
    server.set(ATTACHMENTS, [attachment as never]);
    expect(await kubernetes.objects.readStorage(reference('persistentvolumeclaim', 'c'))).toMatchObject({
      value: { claim: { phase: 'Lost' }, volume: null, attachments: [{ detaching: true, error: 'volume busy' }] },
    });
  });

  it('gives the events of the names asked for, of the last hour, newest last', async () => {
    const { server, kubernetes } = await start();
    const event = (name: string, minutesAgo: number, fields: object = {}) => ({
      ...(golden('320') as { items: object[] }).items[0],
      metadata: { name: `${name}.${minutesAgo}`, uid: 'e' },
      involvedObject: { kind: 'Pod', name },
      lastTimestamp: new Date(Date.now() - minutesAgo * 60_000).toISOString(),
      ...fields,
    });
    const eventTime = new Date(Date.now() - 120_000).toISOString();
    server.set('/api/v1/namespaces/golden/events', [
      event('site', 1, { count: 7 }),
      event('site', 2, { lastTimestamp: null, eventTime, series: { count: 3 } }),
      event('site', 90),
      event('bot', 1),
    ]);
    const read = await kubernetes.objects.readEvents('golden', ['site']);
    expect(read).toMatchObject({
      ok: true,
      value: [{ count: 3 }, { count: 7, about: 'Pod/site', type: 'Warning', reason: 'FailedAttachVolume' }],
    });
    expect(server.requests.at(-1)?.query.get('fieldSelector')).toBe('involvedObject.name=site');
  });

  it('asks what it may do, and takes a denial for an answer', async () => {
    const { server, kubernetes } = await start();
    const answers = ['199', '200'].map((number) => readGolden(number).response.body as object);
    let asked = 0;
    server.intercept(({ method }, response) => {
      if (method !== 'POST') return false;
      sendJson(response, 201, answers[asked] ?? {});
      asked += 1;
      return true;
    });
    const question = { verb: 'patch', group: 'apps', resource: 'deployments/scale', namespace: 'golden', name: null };
    const answer = await kubernetes.access.review([question, { ...question, namespace: null, name: 'pg' }]);
    expect(answer).toMatchObject({ ok: true, value: [{ question, allowed: true }, { allowed: false }] });
    expect(
      server.requests.filter(({ method }) => method === 'POST').map(({ body }) => JSON.parse(body) as unknown),
    ).toMatchObject([
      {
        spec: {
          resourceAttributes: {
            verb: 'patch',
            group: 'apps',
            resource: 'deployments',
            subresource: 'scale',
            namespace: 'golden',
          },
        },
      },
      { spec: { resourceAttributes: { name: 'pg' } } },
    ]);
  });
});

describe('reading objects', () => {
  it('tells that there is none, and never takes what is not served or not allowed for that', async () => {
    const { server, kubernetes } = await start();
    const read = () => kubernetes.objects.readWorkload(reference('deployment', 'nope'));
    expect(await read()).toMatchObject({ ok: true, value: null });
    expect(await kubernetes.objects.readStorage(reference('persistentvolumeclaim', 'nope'))).toMatchObject({
      ok: true,
      value: null,
    });
    server.intercept(({ path }, response) => {
      if (!path.includes('nope')) return false;
      response.writeHead(404, { 'content-type': 'text/plain' }).end('404 page not found\n');
      return true;
    });
    expect(await read()).toMatchObject({ ok: false });
    server.intercept(({ path }, response) => {
      if (!path.includes('nope')) return false;
      sendStatus(response, 403, 'Forbidden', 'no');
      return true;
    });
    expect(await read()).toMatchObject({ ok: false });
  });

  it('is unseen, and in the log, where the answer is of another shape; nothing throws', async () => {
    const { server, kubernetes, log } = await start();
    server.intercept(({ path, method }, response) => {
      if (method === 'GET' && !path.includes('golden')) return false;
      sendJson(response, 200, { hello: 'world' });
      return true;
    });
    expect(await kubernetes.objects.readWorkload(reference('deployment', 'pg'))).toMatchObject({ ok: false });
    expect(await kubernetes.objects.readEvents('golden', ['pg'])).toMatchObject({ ok: false });
    expect(
      await kubernetes.access.review([{ verb: 'get', group: '', resource: 'pods', namespace: null, name: null }]),
    ).toMatchObject({ ok: false });
    expect(await kubernetes.objects.readWorkload(reference('daemonset', 'pg'))).toMatchObject({
      ok: false,
      reason: expect.stringContaining('no workload') as string,
    });
    expect(log.lines.some(({ level }) => level === 'error')).toBe(true);
    expect(log.text()).not.toContain(TOKEN);
  });
});

describe('what manages a workload', () => {
  const base = { name: 'db', namespace: 'default', uid: 'u', resourceVersion: '1', labels: {}, annotations: {} };
  const owner = (apiVersion: string, kind: string) => [{ apiVersion, kind, name: 'main', uid: 'o', controller: true }];

  it.each<[string, object]>([
    [
      'CloudNativePG (Cluster main)',
      { ownerReferences: owner('postgresql.cnpg.io/v1', 'Cluster'), labels: { 'cnpg.io/cluster': 'main' } },
    ],
    ['Zalando postgres-operator (postgresql main)', { labels: { application: 'spilo', 'cluster-name': 'main' } }],
    [
      'Crunchy postgres-operator (PostgresCluster main)',
      { labels: { 'postgres-operator.crunchydata.com/cluster': 'main' } },
    ],
    ['example.com (Thing main)', { ownerReferences: owner('example.com/v1', 'Thing') }],
    [
      'Argo CD (application site)',
      { annotations: { 'argocd.argoproj.io/tracking-id': 'site:apps/Deployment:default/db' } },
    ],
    ['Argo CD (application site)', { labels: { 'argocd.argoproj.io/instance': 'site' } }],
    ['Flux (Kustomization apps)', { labels: { 'kustomize.toolkit.fluxcd.io/name': 'apps' } }],
    ['Flux (HelmRelease db)', { labels: { 'helm.toolkit.fluxcd.io/name': 'db' } }],
    [
      'Helm (release db)',
      { labels: { 'app.kubernetes.io/managed-by': 'Helm' }, annotations: { 'meta.helm.sh/release-name': 'db' } },
    ],
  ])('is %s', (name, metadata) => {
    expect(nameManagers({ ...base, ...metadata })).toEqual([name]);
  });

  it('is nothing where nothing says so', () => {
    expect(nameManagers({ ...base, labels: { app: 'db', 'app.kubernetes.io/instance': 'db' } })).toEqual([]);
  });
});
