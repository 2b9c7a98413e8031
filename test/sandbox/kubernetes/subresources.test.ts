import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createSandboxKubernetes,
  type SandboxKubernetes,
} from '../../../sandbox/kubernetes/create-sandbox-kubernetes.ts';
import { ask, DEPLOYMENTS, deployment, PODS, patchAs, pod } from './ask.ts';

let cluster: SandboxKubernetes;
beforeEach(async () => {
  cluster = await createSandboxKubernetes({
    logs: (namespace, name, { container, previous, tailLines }) =>
      previous ? null : `${namespace}/${name}/${container} ${tailLines}\n`,
  });
});
afterEach(() => cluster.close());

describe('scale', () => {
  const path = `${DEPLOYMENTS}/d/scale`;
  const patch = (body: object) => ask(cluster, 'PATCH', path, body, patchAs('merge'));
  beforeEach(() => ask(cluster, 'POST', DEPLOYMENTS, deployment('d', 2)));

  it('tells replicas and the selector', async () => {
    const { body } = await ask(cluster, 'GET', path);
    expect(body).toMatchObject({ kind: 'Scale', apiVersion: 'autoscaling/v1', metadata: { name: 'd' } });
    expect([body.spec, body.status]).toEqual([{ replicas: 2 }, { replicas: 0, selector: 'app=d' }]);
  });

  it('changes them, leaving a zero out of its answer', async () => {
    expect((await patch({ spec: { replicas: 0 } })).body.spec).toEqual({});
    const { body } = await ask(cluster, 'GET', `${DEPLOYMENTS}/d`);
    expect([body.spec.replicas, body.metadata.generation]).toEqual([0, 2]);
    const put = await ask(cluster, 'PUT', path, { metadata: { name: 'd' }, spec: { replicas: 3 } });
    expect(put.body.spec).toEqual({ replicas: 3 });
  });

  it('changes nothing in a dry run', async () => {
    await ask(cluster, 'PATCH', `${path}?dryRun=All`, { spec: { replicas: 0 } }, patchAs('merge'));
    expect((await ask(cluster, 'GET', path)).body.spec).toEqual({ replicas: 2 });
  });

  it.each([
    [
      { metadata: { resourceVersion: '1' } },
      409,
      /^Operation cannot be fulfilled on deployments\.apps "d": the object/,
    ],
    [{ metadata: { uid: '0' } }, 409, /on deployments\/scale\.apps "d": Precondition failed: UID in precondition: 0/],
    [{ spec: { replicas: -1 } }, 422, /^Scale\.autoscaling "d" is invalid: spec\.replicas: Invalid value: -1: must/],
  ])('refuses %o', async (change, code, message) => {
    const { status, body } = await patch(change);
    expect(status).toBe(code);
    expect(body.message).toMatch(message);
    expect((await ask(cluster, 'GET', path)).body.spec).toEqual({ replicas: 2 });
  });
});

describe('binding', () => {
  const bind = (node: string) =>
    ask(cluster, 'POST', `${PODS}/p/binding`, { metadata: { name: 'p' }, target: { kind: 'Node', name: node } });

  it('gives a pod its node, once', async () => {
    await ask(cluster, 'POST', PODS, pod('p'));
    expect((await bind('node-a')).status).toBe(201);
    const { body } = await ask(cluster, 'GET', `${PODS}/p`);
    expect(body.spec.nodeName).toBe('node-a');
    expect(body.status.conditions).toMatchObject([{ type: 'PodScheduled', status: 'True' }]);
    const again = await bind('node-b');
    expect([again.status, again.body.message]).toEqual([
      409,
      'Operation cannot be fulfilled on pods/binding "p": pod p is already assigned to node "node-a"',
    ]);
  });
});

describe('eviction', () => {
  const evict = () =>
    ask(cluster, 'POST', `${PODS}/p/eviction`, { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'p' } });
  const budget = (minAvailable: number) =>
    ask(cluster, 'POST', '/apis/policy/v1/namespaces/default/poddisruptionbudgets', {
      metadata: { name: 'pg' },
      spec: { minAvailable, selector: { matchLabels: { app: 'p' } } },
    });
  beforeEach(async () => {
    const running = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] };
    await ask(cluster, 'POST', PODS, { ...pod('p', { nodeName: 'a' }), metadata: { name: 'p', labels: { app: 'p' } } });
    await ask(cluster, 'PATCH', `${PODS}/p/status`, { status: running }, patchAs('merge'));
  });

  it('deletes with grace', async () => {
    await budget(0);
    expect(await evict()).toMatchObject({ status: 201, body: { status: 'Success' } });
    const { body } = await ask(cluster, 'GET', `${PODS}/p`);
    expect(body.metadata.deletionGracePeriodSeconds).toBe(30);
  });

  it('is 429 where a budget forbids it', async () => {
    await budget(1);
    const { status, body } = await evict();
    expect([status, body.details.causes[0].message]).toEqual([
      429,
      'The disruption budget pg needs 1 healthy pods and has 1 currently',
    ]);
    const { body: pod } = await ask(cluster, 'GET', `${PODS}/p`);
    expect(pod.metadata).not.toHaveProperty('deletionTimestamp');
  });
});

describe('log', () => {
  beforeEach(() => ask(cluster, 'POST', PODS, pod('p')));

  it.each([
    ['', 200, 'default/p/c null\n'],
    ['?container=c&tailLines=5', 200, 'default/p/c 5\n'],
    ['?tailLines=5&limitBytes=9', 200, 'default/p'],
    ['?previous=true', 400, 'previous terminated container "c" in pod "p" not found'],
    ['?container=x', 400, 'container x is not valid for pod p'],
  ])('%s', async (query, code, said) => {
    const { status, body } = await ask(cluster, 'GET', `${PODS}/p/log${query}`);
    expect([status, typeof body === 'string' ? body : body.message]).toEqual([code, said]);
  });
});
