import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createSandboxKubernetes,
  type SandboxKubernetes,
} from '../../../sandbox/kubernetes/create-sandbox-kubernetes.ts';
import { ask, CONFIG_MAPS, configMap, DEPLOYMENTS, deployment, patchAs } from './ask.ts';

let cluster: SandboxKubernetes;
beforeEach(async () => {
  cluster = await createSandboxKubernetes();
});
afterEach(() => cluster.close());

describe('creating', () => {
  it('answers 201 with what the server fills in', async () => {
    const { status, body } = await ask(cluster, 'POST', CONFIG_MAPS, configMap('a', { k: 'v' }));
    expect(status).toBe(201);
    expect(body).toMatchObject({ kind: 'ConfigMap', apiVersion: 'v1', data: { k: 'v' } });
    expect(body.metadata).toMatchObject({ name: 'a', namespace: 'default' });
    expect(body.metadata).not.toHaveProperty('generation');
  });

  it('makes a name of a prefix', async () => {
    const given = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { generateName: 'gen-' } };
    const { body } = await ask(cluster, 'POST', CONFIG_MAPS, given);
    expect(body.metadata.name).toMatch(/^gen-[0-9a-z]{5}$/);
  });

  it('leaves nothing behind when it is a dry run', async () => {
    const revision = cluster.api.revision();
    const { status, body } = await ask(cluster, 'POST', `${CONFIG_MAPS}?dryRun=All`, configMap('dry'));
    expect([status, body.metadata.resourceVersion]).toEqual([201, undefined]);
    expect((await ask(cluster, 'GET', `${CONFIG_MAPS}/dry`)).status).toBe(404);
    expect(cluster.api.revision()).toBe(revision);
  });

  it('ignores a status: it is the word of controllers', async () => {
    const { body } = await ask(cluster, 'POST', DEPLOYMENTS, { ...deployment('a'), status: { readyReplicas: 7 } });
    expect(body.status?.readyReplicas).toBeUndefined();
    expect(body.metadata.generation).toBe(1);
  });

  it.each([
    ['the same name', configMap('there'), 409, 'AlreadyExists', 'configmaps "there" already exists'],
    ['a name that is none', configMap('Bad_Name'), 422, 'Invalid', /^ConfigMap "Bad_Name" is invalid: metadata.name: /],
    ['no name', { metadata: {} }, 422, 'Invalid', /name or generateName is required/],
    [
      'the namespace of another path',
      { metadata: { name: 'a', namespace: 'kube-system' } },
      400,
      'BadRequest',
      'the namespace of the provided object does not match the namespace sent on the request',
    ],
    [
      'another kind',
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'x' } },
      400,
      'BadRequest',
      'Secret in version "v1" cannot be handled as a ConfigMap: converting (v1.Secret) to (core.ConfigMap): unknown conversion',
    ],
    ['half a JSON', '{"apiVersion":"v1",', 400, 'BadRequest', /json parse error: unexpected end of JSON input/],
    [
      'a version',
      { metadata: { name: 'rv', resourceVersion: '1' } },
      500,
      undefined,
      'resourceVersion should not be set on objects to be created',
    ],
  ])('refuses %s', async (_, given, code, reason, message) => {
    await ask(cluster, 'POST', CONFIG_MAPS, configMap('there'));
    const { status, body } = await ask(cluster, 'POST', CONFIG_MAPS, given);
    expect([status, body.code, body.reason]).toEqual([code, code, reason]);
    expect(body.message).toEqual(typeof message === 'string' ? message : expect.stringMatching(message));
  });

  it('refuses a namespace that is missing', async () => {
    const { status, body } = await ask(cluster, 'POST', '/api/v1/namespaces/nope/configmaps', configMap('a'));
    expect([status, body.message]).toEqual([404, 'namespaces "nope" not found']);
  });
});

describe('replacing', () => {
  beforeEach(() => ask(cluster, 'POST', CONFIG_MAPS, configMap('a', { k: '1' })));

  it('keeps the version where nothing changes', async () => {
    const { body: before } = await ask(cluster, 'GET', `${CONFIG_MAPS}/a`);
    const { body: after } = await ask(cluster, 'PUT', `${CONFIG_MAPS}/a`, before);
    expect(after).toEqual(before);
  });

  it.each([
    ['a stale version', { resourceVersion: '1' }, 409, 'Conflict', /the object has been modified/],
    ['another uid', { uid: '0' }, 409, 'Conflict', /Precondition failed: UID in precondition: 0, UID in object meta/],
    ['another name', { name: 'b' }, 400, 'BadRequest', /\(b\) does not match the name on the URL \(a\)/],
  ])('refuses %s', async (_, metadata, code, reason, message) => {
    const { status, body } = await ask(cluster, 'PUT', `${CONFIG_MAPS}/a`, { metadata: { name: 'a', ...metadata } });
    expect([status, body.reason]).toEqual([code, reason]);
    expect(body.message).toMatch(message);
  });

  it('counts the changes of a spec, not those of a status', async () => {
    const { body: created } = await ask(cluster, 'POST', DEPLOYMENTS, deployment('d'));
    const status = await ask(cluster, 'PUT', `${DEPLOYMENTS}/d/status`, { ...created, status: { replicas: 1 } });
    expect([status.body.status, status.body.metadata.generation]).toEqual([{ replicas: 1 }, 1]);
    const { body: after } = await ask(cluster, 'PUT', `${DEPLOYMENTS}/d`, deployment('d', 3));
    expect([after.status, after.metadata.generation, after.spec.replicas]).toEqual([{ replicas: 1 }, 2, 3]);
  });

  it('creates a Lease that is missing, and demands the version of one that is there', async () => {
    const leases = '/apis/coordination.k8s.io/v1/namespaces/default/leases/leader';
    const lease = { metadata: { name: 'leader' }, spec: {} };
    expect((await ask(cluster, 'PUT', leases, lease)).status).toBe(201);
    const { status, body } = await ask(cluster, 'PUT', leases, lease);
    expect([status, body.message]).toEqual([
      422,
      'leases.coordination.k8s.io "leader" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update',
    ]);
  });
});

describe('patching', () => {
  beforeEach(() => ask(cluster, 'POST', CONFIG_MAPS, configMap('a', { k: '1' })));

  it.each([
    ['merge', { data: { b: '2' } }, { k: '1', b: '2' }],
    ['json', [{ op: 'replace', path: '/data/k', value: '3' }], { k: '3' }],
  ] as const)('takes a %s patch', async (kind, patch, data) => {
    const { status, body } = await ask(cluster, 'PATCH', `${CONFIG_MAPS}/a`, patch, patchAs(kind));
    expect([status, body.data]).toEqual([200, data]);
  });

  it.each([
    ['a stale version', 'merge', { metadata: { resourceVersion: '1' } }, 409, 'Conflict'],
    ['another name', 'merge', { metadata: { name: 'b' } }, 400, 'BadRequest'],
    ['another namespace', 'merge', { metadata: { namespace: 'kube-system' } }, 400, 'BadRequest'],
    ['a test that fails', 'json', [{ op: 'test', path: '/data/k', value: 'no' }], 422, 'Invalid'],
    ['a path to nowhere', 'json', [{ op: 'remove', path: '/data/zz' }], 422, 'Invalid'],
    ['a list as a merge patch', 'merge', [], 400, 'BadRequest'],
    ['an object as a JSON patch', 'json', {}, 400, 'BadRequest'],
    ['half a patch', 'merge', '[1', 400, 'BadRequest'],
  ] as const)('refuses %s', async (_, kind, patch, code, reason) => {
    const { status, body } = await ask(cluster, 'PATCH', `${CONFIG_MAPS}/a`, patch, patchAs(kind));
    expect([status, body.reason]).toEqual([code, reason]);
  });

  it('refuses what says it is no patch', async () => {
    const { status, body } = await ask(cluster, 'PATCH', `${CONFIG_MAPS}/a`, { data: {} });
    expect([status, body.message]).toEqual([415, '415: Unsupported Media Type']);
  });
});
