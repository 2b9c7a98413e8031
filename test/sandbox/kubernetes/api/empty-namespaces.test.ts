import { expect, it } from 'vitest';
import { createKubeApi } from '../../../../sandbox/kubernetes/api/create-kube-api.ts';
import { emptyNamespaces } from '../../../../sandbox/kubernetes/api/empty-namespaces.ts';
import { RESOURCE_TYPES } from '../../../../sandbox/kubernetes/resources/catalogue.ts';
import configMaps from '../../../../sandbox/kubernetes/resources/config-maps.ts';
import namespaces from '../../../../sandbox/kubernetes/resources/namespaces.ts';

function cluster() {
  const api = createKubeApi({ types: RESOURCE_TYPES, now: () => 0 });
  emptyNamespaces(api, () => 0);
  for (const name of ['going', 'staying']) api.create(namespaces, { metadata: { name } });
  const put = (name: string, namespace: string, finalizers: string[] = []) =>
    api.create(configMaps, { metadata: { name, namespace, ...(finalizers.length > 0 && { finalizers }) } });
  return { api, put };
}

it('an empty namespace that is deleted goes at once', () => {
  const { api } = cluster();
  api.delete(namespaces, null, 'going');
  expect(api.get(namespaces, null, 'going')).toBeNull();
});

it('a namespace that is deleted takes its contents along, and no other', () => {
  const { api, put } = cluster();
  put('a', 'going');
  put('b', 'staying');
  api.delete(namespaces, null, 'going');
  expect(api.get(namespaces, null, 'going')).toBeNull();
  expect(api.list(configMaps, null).map(({ metadata }) => metadata.name)).toEqual(['b']);
});

it('a namespace waits for what is held in it, says for what, and takes nothing new', () => {
  const { api, put } = cluster();
  put('held', 'going', ['sim.example/hold']);
  api.delete(namespaces, null, 'going');
  const { status } = api.get(namespaces, null, 'going') ?? {};
  expect(status.phase).toBe('Terminating');
  expect(JSON.stringify(status.conditions)).toContain('configmaps. has 1 resource instances');
  expect(JSON.stringify(status.conditions)).toContain('sim.example/hold in 1 resource instances');
  expect(() => put('late', 'going')).toThrow(/is being terminated/);
  api.change(configMaps, 'going', 'held', ({ metadata }) => delete metadata.finalizers);
  expect(api.get(namespaces, null, 'going')).toBeNull();
});
