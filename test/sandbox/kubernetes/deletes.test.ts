import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createSandboxKubernetes,
  type SandboxKubernetes,
} from '../../../sandbox/kubernetes/create-sandbox-kubernetes.ts';
import { createMovableClock, type MovableClock } from '../../support/movable-clock.ts';
import { ask, CONFIG_MAPS, configMap, DEPLOYMENTS, deployment, PODS, patchAs, pod } from './ask.ts';

let cluster: SandboxKubernetes;
let clock: MovableClock;
beforeEach(async () => {
  clock = createMovableClock();
  cluster = await createSandboxKubernetes({ clock });
});
afterEach(() => cluster.close());

const remove = (path: string, options?: object) => ask(cluster, 'DELETE', path, options);

describe('a Deployment', () => {
  beforeEach(() => ask(cluster, 'POST', DEPLOYMENTS, deployment('d')));

  it.each([
    ['by default', `${DEPLOYMENTS}/d`, undefined],
    ['in the background', `${DEPLOYMENTS}/d`, { propagationPolicy: 'Background' }],
    ['as the query says', `${DEPLOYMENTS}/d?propagationPolicy=Background&gracePeriodSeconds=0`, undefined],
  ])('is gone at once %s, and a Status says so', async (_, path, options) => {
    const { status, body } = await remove(path, options);
    expect([status, body.status, body.details]).toEqual([
      200,
      'Success',
      { name: 'd', group: 'apps', kind: 'deployments', uid: expect.any(String) },
    ]);
    expect((await ask(cluster, 'GET', `${DEPLOYMENTS}/d`)).status).toBe(404);
  });

  it.each([
    ['Foreground', 'foregroundDeletion'],
    ['Orphan', 'orphan'],
  ])('deleted by %s is held by the finalizer %s until somebody takes that off', async (policy, finalizer) => {
    const { body } = await remove(`${DEPLOYMENTS}/d`, { propagationPolicy: policy });
    expect(body.kind).toBe('Deployment');
    expect(body.metadata).toMatchObject({ finalizers: [finalizer], generation: 2, deletionGracePeriodSeconds: 0 });
    const again = await remove(`${DEPLOYMENTS}/d`, { propagationPolicy: policy });
    expect(again.body).toEqual(body);
    const last = await ask(cluster, 'PATCH', `${DEPLOYMENTS}/d`, { metadata: { finalizers: null } }, patchAs('merge'));
    expect(last.body.metadata.resourceVersion).toBe(body.metadata.resourceVersion);
    expect((await ask(cluster, 'GET', `${DEPLOYMENTS}/d`)).status).toBe(404);
  });

  it('stays through a dry run', async () => {
    const { body } = await remove(`${DEPLOYMENTS}/d`, { dryRun: ['All'] });
    expect(body.status).toBe('Success');
    expect((await ask(cluster, 'GET', `${DEPLOYMENTS}/d`)).status).toBe(200);
  });

  it.each([
    [
      { preconditions: { uid: '0' } },
      409,
      /on Deployment\.apps "d": the UID in the precondition \(0\) does not match the UID in record/,
    ],
    [
      { preconditions: { resourceVersion: '1' } },
      409,
      /the ResourceVersion in the precondition \(1\) does not match the ResourceVersion in record \(\d+\)/,
    ],
    [{ propagationPolicy: 'Sideways' }, 422, /^DeleteOptions\.meta\.k8s\.io "" is invalid: propagationPolicy: /],
  ])('stays where %o does not hold', async (options, code, message) => {
    const { status, body } = await remove(`${DEPLOYMENTS}/d`, options);
    expect(status).toBe(code);
    expect(body.message).toMatch(message);
    expect((await ask(cluster, 'GET', `${DEPLOYMENTS}/d`)).status).toBe(200);
  });
});

describe('a pod', () => {
  const graceOf = async (options?: object) => {
    const { body } = await remove(`${PODS}/p`, options);
    const { deletionTimestamp, deletionGracePeriodSeconds, generation } = body.metadata;
    return { ends: Date.parse(deletionTimestamp), grace: deletionGracePeriodSeconds, generation };
  };

  it('gets its grace, which a second deletion may shorten from the first on, and never lengthen', async () => {
    await ask(cluster, 'POST', PODS, pod('p', { nodeName: 'node-a' }));
    const first = await graceOf();
    expect(first).toMatchObject({ grace: 30, generation: 2 });
    clock.skip(1_000);
    const second = await graceOf({ gracePeriodSeconds: 5 });
    expect(second).toEqual({ ends: first.ends - 25_000, grace: 5, generation: 2 });
    expect(await graceOf({ gracePeriodSeconds: 60 })).toEqual(second);
  });

  it('that terminates keeps its name', async () => {
    await ask(cluster, 'POST', PODS, pod('p', { nodeName: 'node-a' }));
    await remove(`${PODS}/p`);
    const { status, body } = await ask(cluster, 'POST', PODS, pod('p'));
    expect([status, body.reason, body.message]).toEqual([
      409,
      'AlreadyExists',
      'object is being deleted: pods "p" already exists',
    ]);
  });

  it.each([
    ['forced', { nodeName: 'node-a' }, { gracePeriodSeconds: 0 }],
    ['bound to no node', {}, undefined],
    ['bound to no node, whatever grace it is given', {}, { gracePeriodSeconds: 30 }],
  ])('%s is gone at once, and is answered as it ended', async (_, spec, options) => {
    await ask(cluster, 'POST', PODS, pod('p', spec));
    const { body } = await remove(`${PODS}/p`, options);
    expect(body).toMatchObject({ kind: 'Pod', metadata: { deletionGracePeriodSeconds: 0, generation: 2 } });
    expect((await ask(cluster, 'GET', `${PODS}/p`)).status).toBe(404);
  });

  it('takes no new finalizer while it is deleted', async () => {
    await ask(cluster, 'POST', PODS, pod('p', { nodeName: 'node-a' }));
    await remove(`${PODS}/p`);
    const { status, body } = await ask(
      cluster,
      'PATCH',
      `${PODS}/p`,
      { metadata: { finalizers: ['example.com/hold'] } },
      patchAs('merge'),
    );
    expect([status, body.reason]).toEqual([422, 'Invalid']);
  });
});

it('a Job that nobody says anything about leaves its pods to themselves', async () => {
  const jobs = '/apis/batch/v1/namespaces/default/jobs';
  await ask(cluster, 'POST', jobs, {
    metadata: { name: 'j' },
    spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'x' }] } } },
  });
  const { body } = await remove(`${jobs}/j`);
  expect([body.kind, body.metadata.finalizers]).toEqual(['Job', ['orphan']]);
});

it('a collection is deleted as far as it is selected, and answered as it was', async () => {
  for (const [name, page] of Object.entries({ a: 'y', b: 'n', c: 'y' }))
    await ask(cluster, 'POST', CONFIG_MAPS, configMap(name, {}, { page }));
  const { body } = await remove(`${CONFIG_MAPS}?labelSelector=page%3Dy`);
  expect(body.items.map((item: { metadata: { name: string } }) => item.metadata.name)).toEqual(['a', 'c']);
  const left = await ask(cluster, 'GET', CONFIG_MAPS);
  expect(left.body.items).toHaveLength(1);
});

it('a namespace with something left in it is terminating: nothing new comes into it, until it is finalized', async () => {
  const namespaces = '/api/v1/namespaces';
  await ask(cluster, 'POST', namespaces, { metadata: { name: 'n' } });
  await ask(cluster, 'POST', `${namespaces}/n/configmaps`, {
    metadata: { name: 'held', finalizers: ['sim.example/hold'] },
  });
  const { body } = await remove(`${namespaces}/n`);
  expect([body.kind, body.status]).toEqual(['Namespace', { phase: 'Terminating' }]);
  const late = await ask(cluster, 'POST', `${namespaces}/n/configmaps`, configMap('late'));
  expect([late.status, late.body.details.causes[0].reason]).toEqual([403, 'NamespaceTerminating']);
  await ask(cluster, 'PUT', `${namespaces}/n/finalize`, { metadata: { name: 'n' }, spec: { finalizers: [] } });
  expect((await ask(cluster, 'GET', `${namespaces}/n`)).status).toBe(404);
});
