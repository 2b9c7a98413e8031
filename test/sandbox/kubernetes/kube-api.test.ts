import { beforeEach, expect, it } from 'vitest';
import { createKubeApi, type KubeApiCore } from '../../../sandbox/kubernetes/api/create-kube-api.ts';
import type { ResourceType } from '../../../sandbox/kubernetes/api/resource-type.ts';
import configMaps from '../../../sandbox/kubernetes/resources/config-maps.ts';
import deploymentType from '../../../sandbox/kubernetes/resources/deployments.ts';
import namespaces from '../../../sandbox/kubernetes/resources/namespaces.ts';
import podType from '../../../sandbox/kubernetes/resources/pods.ts';

/** The core alone: without what the kind itself fills in and refuses. */
const bare = (type: ResourceType): ResourceType =>
  ({ ...type, applyDefaults: undefined, validate: undefined }) as unknown as ResourceType;
const deployments = bare(deploymentType);
const pods = bare(podType);

let api: KubeApiCore;
beforeEach(() => {
  api = createKubeApi({ types: [configMaps, deployments, namespaces, pods], now: () => Date.UTC(2026, 10, 23) });
});

const named = (name: string, more: object = {}) => ({ metadata: { name, namespace: 'n' }, ...more });

it('tells every listener each change in its order, those too that a listener makes', () => {
  const heard: string[] = [];
  api.watch(({ type, object }) => {
    if (type === 'ADDED' && object.metadata.name === 'a') api.create(configMaps, named('b'));
  });
  api.watch(
    ({ type, object }) => void heard.push(`${type} ${object.metadata.name} ${object.metadata.resourceVersion}`),
  );
  api.create(configMaps, named('a'));
  expect(heard).toEqual(['ADDED a 2', 'ADDED b 3']);
});

it('tells no listener that has stopped', () => {
  const heard: string[] = [];
  const stop = api.watch(({ type }) => void heard.push(type));
  stop();
  api.create(configMaps, named('a'));
  expect(heard).toEqual([]);
});

it('asks for a namespace as soon as there is any', () => {
  expect(api.create(configMaps, named('a')).metadata.namespace).toBe('n');
  const namespaces = api.find('', 'namespaces');
  if (namespaces) api.create(namespaces, { metadata: { name: 'other' } });
  expect(() => api.create(configMaps, named('b'))).toThrow('namespaces "n" not found');
});

it('changes nothing in a rehearsal, and everything again after one that failed', () => {
  expect(() => api.rehearse(() => api.delete(configMaps, 'n', 'nope'))).toThrow('not found');
  const before = api.revision();
  expect(api.rehearse(() => api.create(configMaps, named('a'))).metadata.name).toBe('a');
  expect([api.revision(), api.get(configMaps, 'n', 'a')]).toEqual([before, null]);
  api.create(configMaps, named('a'));
  expect(api.revision()).toBe(before + 1);
});

it('changes a copy: what was read stays as it was', () => {
  const read = api.create(deployments, named('d', { spec: { replicas: 1 } }));
  const changed = api.change(deployments, 'n', 'd', (draft) => void (draft.spec.replicas = 2));
  expect([read.spec.replicas, changed?.spec.replicas, changed?.metadata.generation]).toEqual([1, 2, 2]);
  expect(api.change(deployments, 'n', 'nope', () => undefined)).toBeNull();
});

it('keeps status and spec apart', () => {
  api.create(deployments, named('d', { spec: { replicas: 1 }, status: { replicas: 1 } }));
  const spec = api.change(deployments, 'n', 'd', (d) => void Object.assign(d, { spec: {}, status: { replicas: 9 } }));
  expect([spec?.spec, spec?.status]).toEqual([{}, { replicas: 1 }]);
  const status = api.change(
    deployments,
    'n',
    'd',
    (d) => void Object.assign(d, { spec: { replicas: 9 }, status: { replicas: 2 } }),
    'status',
  );
  expect([status?.spec, status?.status]).toEqual([{}, { replicas: 2 }]);
});

it.each(['Succeeded', 'Failed'])('removes a pod that has %s at once: nobody would have to stop it', (phase) => {
  api.create(pods, named('p', { spec: { nodeName: 'a' }, status: { phase } }));
  expect(api.delete(pods, 'n', 'p').removed).toBe(true);
});

it('lets nobody lengthen a life that has been ended, or undo its end', () => {
  api.create(pods, named('p', { spec: { nodeName: 'a' } }));
  const { object } = api.delete(pods, 'n', 'p');
  const { deletionTimestamp: _, ...alive } = object.metadata;
  const after = api.update(pods, { ...object, metadata: alive });
  expect(after.metadata.deletionTimestamp).toBe(object.metadata.deletionTimestamp);
});

it('serves a type from the moment it is defined to the moment it is gone', () => {
  const widgets = { ...configMaps, group: 'sim.example', kind: 'Widget', plural: 'widgets', singular: 'widget' };
  expect(() => api.create(widgets, named('w'))).toThrow('could not find the requested resource');
  api.addType(widgets);
  expect(api.create(widgets, named('w')).apiVersion).toBe('sim.example/v1');
  api.removeType(widgets);
  expect(api.find('sim.example', 'widgets')).toBeNull();
});
