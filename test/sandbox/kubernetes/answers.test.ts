import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Attributes } from '../../../sandbox/kubernetes/api/http/hooks.ts';
import {
  createSandboxKubernetes,
  type SandboxKubernetes,
} from '../../../sandbox/kubernetes/create-sandbox-kubernetes.ts';
import { ask, CONFIG_MAPS, configMap, PODS, pod } from './ask.ts';

let cluster: SandboxKubernetes;
beforeEach(async () => {
  cluster = await createSandboxKubernetes();
});
afterEach(() => cluster.close());

describe('fixed paths', () => {
  it.each(['/livez', '/readyz', '/healthz', '/readyz/ping'])('%s says ok', async (path) => {
    const { status, body } = await ask(cluster, 'GET', path);
    expect([status, body]).toEqual([200, 'ok']);
  });

  it('tell the version and what is served', async () => {
    expect((await ask(cluster, 'GET', '/version')).body).toMatchObject({ major: '1', minor: '36' });
    expect((await ask(cluster, 'GET', '/api')).body).toMatchObject({ kind: 'APIVersions', versions: ['v1'] });
    const { body: groups } = await ask(cluster, 'GET', '/apis');
    expect(groups.groups).toContainEqual({
      name: 'apps',
      versions: [{ groupVersion: 'apps/v1', version: 'v1' }],
      preferredVersion: { groupVersion: 'apps/v1', version: 'v1' },
    });
    const { body: apps } = await ask(cluster, 'GET', '/apis/apps/v1');
    expect(apps).toMatchObject({ kind: 'APIResourceList', groupVersion: 'apps/v1' });
    const scale = { group: 'autoscaling', version: 'v1', kind: 'Scale', verbs: ['get', 'patch', 'update'] };
    expect(apps.resources).toContainEqual({ name: 'deployments/scale', singularName: '', namespaced: true, ...scale });
  });
});

describe('what leads nowhere', () => {
  it.each([
    ['GET', `${CONFIG_MAPS}/nope`, 404, 'NotFound', 'configmaps "nope" not found'],
    ['GET', '/api/v1/namespaces/default/nosuchthings', 404, 'NotFound', /could not find the requested resource/],
    ['GET', '/api/v1/namespaces/default/nodes', 404, 'NotFound', /could not find the requested resource/],
    ['GET', `${PODS}/p/nosuchpart`, 404, 'NotFound', /could not find the requested resource/],
    ['POST', `${PODS}/x`, 405, 'MethodNotAllowed', /does not allow this method on the requested resource/],
    ['PUT', PODS, 405, 'MethodNotAllowed', /does not allow this method on the requested resource/],
    ['POST', `${PODS}/p/exec?command=ls`, 400, 'BadRequest', 'Upgrade request required'],
  ])('%s %s', async (method, path, code, reason, message) => {
    const { status, body } = await ask(cluster, method, path, method === 'GET' ? undefined : {});
    expect([status, body.kind, body.reason]).toEqual([code, 'Status', reason]);
    expect(body.message).toEqual(typeof message === 'string' ? message : expect.stringMatching(message));
  });

  it('in a group that is not served is plain text', async () => {
    const { status, headers, body } = await ask(cluster, 'GET', '/apis/nosuch.example/v1/things');
    expect([status, headers.get('content-type'), body]).toEqual([
      404,
      'text/plain; charset=utf-8',
      '404 page not found\n',
    ]);
  });
});

describe('the shape that is asked for', () => {
  const accept = (as: string) => ({ accept: `application/json;as=${as};v=v1;g=meta.k8s.io,application/json` });

  it('is a table of what kubectl shows', async () => {
    await ask(cluster, 'POST', PODS, pod('p', { nodeName: 'node-a' }));
    const { body } = await ask(cluster, 'GET', PODS, undefined, accept('Table'));
    const columns = body.columnDefinitions as { name: string; priority: number }[];
    expect(columns.filter(({ priority }) => priority === 0).map(({ name }) => name)).toEqual(
      'Name Ready Status Restarts Age'.split(' '),
    );
    expect(body.rows[0].cells.slice(0, 4)).toEqual(['p', '0/1', 'Pending', '0']);
    expect(body.rows[0].object).toMatchObject({ kind: 'PartialObjectMetadata', metadata: { name: 'p' } });
  });

  it('is the metadata alone', async () => {
    await ask(cluster, 'POST', CONFIG_MAPS, configMap('a', { k: 'v' }));
    const one = await ask(cluster, 'GET', `${CONFIG_MAPS}/a`, undefined, accept('PartialObjectMetadata'));
    const all = await ask(cluster, 'GET', CONFIG_MAPS, undefined, accept('PartialObjectMetadataList'));
    expect(Object.keys(one.body)).toEqual(['kind', 'apiVersion', 'metadata']);
    expect(all.body).toMatchObject({ kind: 'PartialObjectMetadataList', items: [one.body] });
  });

  it('is what the server has, when that is unknown: else 406', async () => {
    const known = await ask(cluster, 'GET', CONFIG_MAPS, undefined, accept('Nonsense'));
    expect(known.body.kind).toBe('ConfigMapList');
    const { status, body } = await ask(cluster, 'GET', CONFIG_MAPS, undefined, { accept: 'text/html' });
    expect([status, body.reason]).toEqual([406, 'NotAcceptable']);
  });
});

describe('bodies', () => {
  it('of another type are refused', async () => {
    const { status, body } = await ask(cluster, 'POST', CONFIG_MAPS, 'x', { 'content-type': 'text/plain' });
    expect([status, body.reason]).toEqual([415, 'UnsupportedMediaType']);
  });

  it('over three megabytes are refused, and the connection stays', async () => {
    const big = configMap('big', { k: 'x'.repeat(3 * 1_024 * 1_024) });
    const { status, body } = await ask(cluster, 'POST', CONFIG_MAPS, big);
    expect([status, body.message]).toEqual([413, 'Request entity too large: limit is 3145728']);
  });

  it('may be YAML', async () => {
    const yaml = 'metadata: {name: y}\ndata: {k: "1"}\n';
    const { status, body } = await ask(cluster, 'POST', CONFIG_MAPS, yaml, { 'content-type': 'application/yaml' });
    expect([status, body.data]).toEqual([201, { k: '1' }]);
  });
});

describe('access', () => {
  const start = async (allowed: boolean, asked: Attributes[] = []) => {
    await cluster.close();
    cluster = await createSandboxKubernetes({
      authenticate: ({ authorization }) => (authorization === 'Bearer bad' ? null : { name: 'weak', groups: [] }),
      authorise: (_, __, attributes) => {
        asked.push(attributes);
        return { allowed };
      },
    });
  };

  it('is 401 for a token that nobody knows', async () => {
    await start(true);
    const { status, body } = await ask(cluster, 'GET', PODS, undefined, { authorization: 'Bearer bad' });
    expect([status, body.message]).toEqual([401, 'Unauthorized']);
  });

  it.each([
    [
      'GET',
      PODS,
      'pods is forbidden: User "weak" cannot list resource "pods" in API group "" in the namespace "default"',
    ],
    [
      'GET',
      `${PODS}?watch=true`,
      'pods is forbidden: User "weak" cannot watch resource "pods" in API group "" in the namespace "default"',
    ],
    [
      'DELETE',
      `${PODS}/none`,
      'pods "none" is forbidden: User "weak" cannot delete resource "pods" in API group "" in the namespace "default"',
    ],
    [
      'PATCH',
      '/apis/apps/v1/namespaces/default/deployments/pg/scale',
      'deployments.apps "pg" is forbidden: User "weak" cannot patch resource "deployments/scale" in API group "apps" in the namespace "default"',
    ],
    [
      'GET',
      '/apis/storage.k8s.io/v1/volumeattachments',
      'volumeattachments.storage.k8s.io is forbidden: User "weak" cannot list resource "volumeattachments" in API group "storage.k8s.io" at the cluster scope',
    ],
    ['GET', '/metrics', 'forbidden: User "weak" cannot get path "/metrics"'],
    [
      'GET',
      '/api/v1/namespaces/default/nosuchthings',
      'nosuchthings is forbidden: User "weak" cannot list resource "nosuchthings" in API group "" in the namespace "default"',
    ],
  ])('is refused before anything is looked up: %s %s', async (method, path, message) => {
    await start(false);
    const { status, body } = await ask(cluster, method, path);
    expect([status, body.reason, body.message]).toEqual([403, 'Forbidden', message]);
  });

  it('names a namespace by its name, not as a place', async () => {
    const asked: Attributes[] = [];
    await start(true, asked);
    await ask(cluster, 'GET', '/api/v1/namespaces/default/status');
    expect(asked).toMatchObject([{ verb: 'get', resource: 'namespaces', name: 'default', subresource: 'status' }]);
  });
});
