import { afterEach, expect, it } from 'vitest';
import type { PatchRequest } from '../../../sandbox/kubernetes/api/http/hooks.ts';
import type { KubeObject } from '../../../sandbox/kubernetes/api/object.ts';
import { badRequest } from '../../../sandbox/kubernetes/api/refusals.ts';
import {
  createSandboxKubernetes,
  type SandboxKubernetes,
  type SandboxKubernetesOptions,
} from '../../../sandbox/kubernetes/create-sandbox-kubernetes.ts';
import configMaps from '../../../sandbox/kubernetes/resources/config-maps.ts';
import namespaces from '../../../sandbox/kubernetes/resources/namespaces.ts';
import { ask, CONFIG_MAPS, configMap, patchAs } from './ask.ts';

let cluster: SandboxKubernetes;
const start = async (options: SandboxKubernetesOptions): Promise<void> => {
  cluster = await createSandboxKubernetes(options);
};
afterEach(() => cluster.close());

it('every patch is put to who knows patches; an apply may create', async () => {
  const seen: PatchRequest[] = [];
  await start({
    applyPatch(request) {
      seen.push(request);
      const { current, options, body } = request;
      const metadata = current?.metadata ?? { name: options.name };
      return { ...current, metadata, data: (body as KubeObject)['data'] };
    },
  });
  const apply = { 'content-type': 'application/apply-patch+yaml' };
  const first = await ask(cluster, 'PATCH', `${CONFIG_MAPS}/a?fieldManager=me&force=true`, 'data: {k: "1"}', apply);
  expect([first.status, first.body.data, first.body.metadata.namespace]).toEqual([201, { k: '1' }, 'default']);
  expect(seen[0]).toMatchObject({ current: null, options: { fieldManager: 'me', given: true, force: true } });
  const strategic = { ...patchAs('strategic-merge'), 'user-agent': 'kubectl/v1' };
  const second = await ask(cluster, 'PATCH', `${CONFIG_MAPS}/a`, { data: { k: '2' } }, strategic);
  expect([second.status, second.body.data]).toEqual([200, { k: '2' }]);
  expect(seen[1]).toMatchObject({ current: { data: { k: '1' } }, options: { fieldManager: 'kubectl', given: false } });
});

it('a patch that is no apply creates nothing', async () => {
  await start({ applyPatch: () => configMap('a') });
  expect((await ask(cluster, 'PATCH', `${CONFIG_MAPS}/a`, {}, patchAs('merge'))).status).toBe(404);
});

it('who owns a field is asked before each write that is no apply', async () => {
  await start({
    trackFields: (object, { fieldManager, before }) => ({
      ...object,
      metadata: { ...object.metadata, managedFields: [`${fieldManager} ${before ? 'changed' : 'created'} it`] },
    }),
  });
  const { body: created } = await ask(cluster, 'POST', `${CONFIG_MAPS}?fieldManager=me`, configMap('a'));
  expect(created.metadata.managedFields).toEqual(['me created it']);
  const { body: changed } = await ask(cluster, 'PUT', `${CONFIG_MAPS}/a?fieldManager=you`, configMap('a', { k: '1' }));
  expect(changed.metadata.managedFields).toEqual(['you changed it']);
});

it('fields that nobody knows are told, or refused', async () => {
  await start({
    checkFields(_, { nosuch, ...body }, mode) {
      if (nosuch !== undefined && mode === 'Strict') throw badRequest('strict decoding error: unknown field "nosuch"');
      return { body: body, warnings: nosuch === undefined ? [] : ['unknown field "nosuch"'] };
    },
  });
  const { headers, body } = await ask(cluster, 'POST', CONFIG_MAPS, { ...configMap('a'), nosuch: 1 });
  expect([headers.get('warning'), body.nosuch]).toEqual(['299 - "unknown field \\"nosuch\\""', undefined]);
  const strict = `${CONFIG_MAPS}?fieldValidation=Strict`;
  expect((await ask(cluster, 'POST', strict, { ...configMap('b'), nosuch: 1 })).status).toBe(400);
});

it('what only answers is created, told to clients, and kept nowhere', async () => {
  const review = { group: 'authorization.k8s.io', version: 'v1', kind: 'SelfSubjectAccessReview' };
  await start({
    authenticate: () => ({ name: 'me', groups: [] }),
    answers: [
      {
        ...review,
        plural: 'selfsubjectaccessreviews',
        namespaced: false,
        create: ({ user, body }) => ({ ...body, status: { allowed: user.name === 'me' } }),
      },
    ],
  });
  const path = '/apis/authorization.k8s.io/v1';
  const revision = cluster.api.revision();
  const { status, body } = await ask(cluster, 'POST', `${path}/selfsubjectaccessreviews`, { spec: { a: 1 } });
  expect([status, body.kind, body.spec, body.status]).toEqual([201, review.kind, { a: 1 }, { allowed: true }]);
  expect(cluster.api.revision()).toBe(revision);
  expect((await ask(cluster, 'GET', path)).body.resources).toMatchObject([{ verbs: ['create'] }]);
  expect((await ask(cluster, 'GET', `${path}/selfsubjectaccessreviews`)).status).toBe(405);
});

it('what a PUT leaves out gets its default, but nothing that only a creation gives', async () => {
  await start({
    types: [
      namespaces,
      {
        ...configMaps,
        applyDefaults(object) {
          object['immutable'] ??= false;
          object.metadata.finalizers ??= ['kubernetes.io/hold'];
        },
      },
    ],
  });
  const { body: created } = await ask(cluster, 'POST', CONFIG_MAPS, configMap('a'));
  expect([created.immutable, created.metadata.finalizers]).toEqual([false, ['kubernetes.io/hold']]);
  const { body: changed } = await ask(cluster, 'PUT', `${CONFIG_MAPS}/a`, configMap('a', { k: '1' }));
  expect([changed.immutable, changed.metadata.finalizers]).toEqual([false, undefined]);
});
