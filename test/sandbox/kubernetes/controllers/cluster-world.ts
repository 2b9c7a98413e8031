import { createKubeApi } from '../../../../sandbox/kubernetes/api/create-kube-api.ts';
import type { KubeApi } from '../../../../sandbox/kubernetes/api/kube-api.ts';
import type { KubeObject, NewObject } from '../../../../sandbox/kubernetes/api/object.ts';
import { LINODE_STORAGE_CLASSES } from '../../../../sandbox/kubernetes/controllers/linode-storage.ts';
import { startControllers } from '../../../../sandbox/kubernetes/controllers/start-controllers.ts';
import { RESOURCE_TYPES } from '../../../../sandbox/kubernetes/resources/catalogue.ts';
import deployments from '../../../../sandbox/kubernetes/resources/deployments.ts';
import events from '../../../../sandbox/kubernetes/resources/events.ts';
import namespaces from '../../../../sandbox/kubernetes/resources/namespaces.ts';
import persistentVolumeClaims from '../../../../sandbox/kubernetes/resources/persistent-volume-claims.ts';
import pods from '../../../../sandbox/kubernetes/resources/pods.ts';
import storageClasses from '../../../../sandbox/kubernetes/resources/storage-classes.ts';
import { type FakeKubelet, startFakeKubelet } from '../../../support/fake-kubelet.ts';
import { createManualClock, type ManualClock } from '../../../support/manual-clock.ts';

export interface ClusterWorld {
  readonly api: KubeApi;
  readonly clock: ManualClock;
  readonly kubelets: Readonly<Record<string, FakeKubelet>>;
  pods(app?: string): readonly KubeObject[];
  /** Reasons and messages of the Events, oldest first. */
  events(reason?: string): readonly string[];
  stop(): void;
}

/** An empty cluster with all controllers, its nodes, and a clock that the test moves. */
export async function startCluster(nodeNames: readonly string[] = ['node-a', 'node-b']): Promise<ClusterWorld> {
  const clock = createManualClock();
  const api = createKubeApi({ types: RESOURCE_TYPES, now: () => clock.now() });
  for (const name of ['shop', 'default', 'kube-node-lease'])
    api.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name }, spec: {} });
  for (const storageClass of LINODE_STORAGE_CLASSES) api.create(storageClasses, storageClass);
  const controllers = startControllers({ api, clock });
  const kubelets = Object.fromEntries(nodeNames.map((node) => [node, startFakeKubelet({ api, clock, node })]));
  await clock.advance(0);
  return {
    api,
    clock,
    kubelets,
    pods: (app) =>
      api.list(pods, 'shop').filter(({ metadata }) => app === undefined || metadata.labels?.['app'] === app),
    events: (reason) =>
      api
        .list(events, null)
        .filter((event) => reason === undefined || event['reason'] === reason)
        .map((event) => String(event['message'])),
    stop() {
      controllers.stop();
      for (const kubelet of Object.values(kubelets)) kubelet.stop();
    },
  };
}

const TOLERATIONS = ['not-ready', 'unreachable'].map((state) => ({
  key: `node.kubernetes.io/${state}`,
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds: 300,
}));

export function podTemplate(app: string, { image = 'v1', claim }: { image?: string; claim?: string } = {}) {
  return {
    metadata: { labels: { app } },
    spec: {
      containers: [{ name: 'c', image }],
      terminationGracePeriodSeconds: 30,
      tolerations: TOLERATIONS,
      ...(claim && { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: claim } }] }),
    },
  };
}

export function deployment(name: string, spec: Readonly<Record<string, unknown>> = {}): NewObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'shop' },
    spec: { replicas: 1, selector: { matchLabels: { app: name } }, template: podTemplate(name), ...spec },
  };
}

export function claim(name: string, storageClassName = 'linode-block-storage-retain', spec: object = {}): NewObject {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, namespace: 'shop' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '10Gi' } }, storageClassName, ...spec },
  };
}

/** PostgreSQL as in the golden files: one replica, Recreate, its data on a claim. */
export async function createPostgres({ api, clock }: ClusterWorld): Promise<void> {
  api.create(persistentVolumeClaims, claim('pg-data'));
  const template = podTemplate('pg', { claim: 'pg-data' });
  api.create(deployments, deployment('pg', { strategy: { type: 'Recreate' }, template }));
  await clock.advance(10_000);
}
