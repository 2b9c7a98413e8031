import {
  AppsV1Api,
  CoreV1Api,
  KubeConfig,
  makeInformer,
  PatchStrategy,
  setHeaderOptions,
  Watch,
} from '@kubernetes/client-node';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  createSandboxKubernetes,
  type SandboxKubernetes,
} from '../../../sandbox/kubernetes/create-sandbox-kubernetes.ts';
import { ask, CONFIG_MAPS, configMap, DEPLOYMENTS, deployment } from './ask.ts';

let cluster: SandboxKubernetes;
let config: KubeConfig;
beforeEach(async () => {
  cluster = await createSandboxKubernetes();
  config = new KubeConfig();
  config.loadFromString(cluster.kubeconfig());
  await ask(cluster, 'POST', CONFIG_MAPS, configMap('a', { k: '1' }));
});
afterEach(() => cluster.close());

it('lists, reads, and is told what is missing', async () => {
  const core = config.makeApiClient(CoreV1Api);
  const { items, metadata } = await core.listNamespacedConfigMap({ namespace: 'default' });
  expect(items.map((item) => item.data)).toEqual([{ k: '1' }]);
  expect(metadata?.resourceVersion).toBe(String(cluster.api.revision()));
  await expect(core.readNamespacedConfigMap({ namespace: 'default', name: 'nope' })).rejects.toMatchObject({
    code: 404,
    body: expect.stringContaining('configmaps \\"nope\\" not found'),
  });
});

it('patches, and scales', async () => {
  const apps = config.makeApiClient(AppsV1Api);
  const core = config.makeApiClient(CoreV1Api);
  const merge = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
  const at = { namespace: 'default', name: 'a' };
  const patched = await core.patchNamespacedConfigMap({ ...at, body: { data: { z: '2' } } }, merge);
  expect(patched.data).toEqual({ k: '1', z: '2' });
  const operations = [{ op: 'replace', path: '/data/k', value: '9' }];
  expect((await core.patchNamespacedConfigMap({ ...at, body: operations })).data).toEqual({ k: '9', z: '2' });
  await ask(cluster, 'POST', DEPLOYMENTS, deployment('d', 2));
  const scale = { namespace: 'default', name: 'd' };
  await apps.patchNamespacedDeploymentScale({ ...scale, body: { spec: { replicas: 0 } } }, merge);
  expect((await apps.readNamespacedDeployment(scale)).spec?.replicas).toBe(0);
});

it('watches, and hears of a version that is forgotten', async () => {
  const watch = new Watch(config);
  const heard: string[] = [];
  const over = Promise.withResolvers<unknown>();
  const listen = (type: string, object: { metadata?: { name?: string }; code?: number }): void =>
    void heard.push(`${type} ${object.metadata?.name ?? object.code}`);
  const controller = await watch.watch(CONFIG_MAPS, {}, listen, over.resolve);
  await expect.poll(() => heard).toEqual(['ADDED a']);
  await ask(cluster, 'DELETE', `${CONFIG_MAPS}/a`);
  await expect.poll(() => heard).toEqual(['ADDED a', 'DELETED a']);
  controller.abort();
  await over.promise;
  cluster.faults.compact();
  const again = Promise.withResolvers<unknown>();
  await watch.watch(CONFIG_MAPS, { resourceVersion: '1' }, listen, again.resolve);
  await again.promise;
  expect(heard.at(-1)).toBe('ERROR 410');
});

it('keeps an informer true', async () => {
  const core = config.makeApiClient(CoreV1Api);
  const list = () => core.listNamespacedConfigMap({ namespace: 'default' });
  const informer = makeInformer(config, CONFIG_MAPS, list);
  const gone = Promise.withResolvers<string | undefined>();
  informer.on('delete', ({ metadata }) => gone.resolve(metadata?.name));
  await informer.start();
  expect(informer.list().map(({ metadata }) => metadata?.name)).toEqual(['a']);
  await ask(cluster, 'POST', CONFIG_MAPS, configMap('b'));
  await expect.poll(() => informer.list().length).toBe(2);
  await ask(cluster, 'DELETE', `${CONFIG_MAPS}/a`);
  expect(await gone.promise).toBe('a');
  await informer.stop();
});
