import { createAccess } from '../../kubernetes/api/access/create-access.ts';
import type { KubeApi } from '../../kubernetes/api/kube-api.ts';
import type { KubeObject } from '../../kubernetes/api/object.ts';
import { startControllers } from '../../kubernetes/controllers/start-controllers.ts';
import { createSandboxKubernetes, type SandboxKubernetes } from '../../kubernetes/create-sandbox-kubernetes.ts';
import type { NodeSpec } from '../../kubernetes/kubelet/node-presence.ts';
import type { PodPlayer } from '../../kubernetes/kubelet/programs/pod-player.ts';
import { type Kubelets, startKubelets } from '../../kubernetes/kubelet/start-kubelets.ts';
import deployments from '../../kubernetes/resources/deployments.ts';
import persistentVolumes from '../../kubernetes/resources/persistent-volumes.ts';
import pods from '../../kubernetes/resources/pods.ts';
import replicaSets from '../../kubernetes/resources/replica-sets.ts';
import type { RunningPostgres } from '../../postgres/start-postgres.ts';
import { CAST } from '../cast.ts';
import type { SimulatedTime } from '../simulated-time.ts';
import { applyManifests } from './apply-manifests.ts';
import { BOT_ACCOUNT, grantRights } from './grant-rights.ts';
import { CLAIM, GRACE_SECONDS } from './manifests.ts';

/** How the cluster of a stage is set, where a scenario wants it otherwise than usual. */
export interface ClusterOptions {
  /** Sessions of an application on a quiet day, by name, spread over its pods; as the cast has them where left out. */
  readonly sessions?: Readonly<Record<string, number>>;
  /** How long the server's pod is given to end before it is killed; 10 unless given. */
  readonly graceSeconds?: number;
}

/** A small cluster that runs the server and its applications, all in the namespace `default`. */
export interface StageCluster {
  readonly kubernetes: SandboxKubernetes;
  readonly kubelets: Kubelets;
  /** Of the live pods of an application, oldest first. */
  pods(application: string): readonly PodPlayer[];
  /** A new revision, as `kubectl rollout restart`; resolves when its pods are ready and the old ones are told to go. */
  rollOut(workload: string): Promise<void>;
  /** As `kubectl scale`; resolves when so many are ready. */
  scale(workload: string, replicas: number): Promise<void>;
  /** Every container of a workload crashes, and crashes again when it is started; or no more, from the next pod on, which it gets. */
  breakDown(workload: string, on: boolean): void;
  /** The kernel kills the first process of the server's container for want of memory: its kubelet starts it again. */
  killServerForMemory(): void;
  /** Whether each pod of an old revision leaves its sessions behind: its object is gone, its process stands still. */
  abandonOnRollout(application: string, on: boolean): void;
  /** Resolves when a Deployment has become what it wants to be. */
  settled(workload: string): Promise<void>;
  close(): Promise<void>;
}

export const POD_NETWORK = '127.20.0.0/16';
/** As the kubeconfig of the user `breakwater` carries it. */
const BOT_TOKEN = 'breakwater-token';
/** How the addresses in it begin. */
export const POD_ADDRESSES = '127.20.';
const VOLUME_ID = 123_456;
const NODES: readonly NodeSpec[] = [1, 2, 3].map((n) => ({
  name: `lke-node-${n}`,
  address: `127.21.0.${n}`,
  podCidr: `127.20.${n}.0/24`,
  linodeId: 20_000 + n,
}));
const SETTLES_WITHIN_MS = 60_000;
/** A provider takes seconds for it; nobody should wait so long for a stage. */
const ATTACH_MS = 100;

/** Sets it up around a server that is stopped, and resolves when all of it runs. */
export async function setCluster(
  postgres: RunningPostgres,
  time: SimulatedTime,
  { sessions = {}, graceSeconds = GRACE_SECONDS }: ClusterOptions = {},
): Promise<StageCluster> {
  await using started = new AsyncDisposableStack();
  let kubelets: Kubelets | null = null;
  const access = createAccess({ now: () => time.now() });
  const kubernetes = await createSandboxKubernetes({
    ...access.hooks,
    clock: time,
    namespaces: ['default', 'breakwater', 'kube-system', 'kube-public', 'kube-node-lease'],
    logs: (...asked) => kubelets?.logs(...asked) ?? null,
  });
  started.defer(() => kubernetes.close());
  const { api } = kubernetes;
  const createVolume = (): number => VOLUME_ID;
  const controllers = startControllers({ api, clock: time, attachMs: ATTACH_MS, detachMs: ATTACH_MS, createVolume });
  started.defer(() => controllers.stop());
  const running = startKubelets({
    api,
    clock: time,
    nodes: NODES,
    applications: CAST.map(({ name }) => name),
    diskOf: (volume) => (api.get(persistentVolumes, null, volume)?.spec.claimRef?.name === CLAIM ? postgres : null),
  });
  kubelets = running;
  started.defer(() => running.close());

  grantRights(api);
  access.tokens.grant(api, BOT_TOKEN, BOT_ACCOUNT);
  applyManifests(api, postgres, { sessions, graceSeconds }, time.now());
  const settled = (workload: string): Promise<void> => becomesTrue(api, () => isSettled(api, workload), workload);
  await Promise.all(['postgres', 'redis', ...CAST.map(({ name }) => name)].map(settled));

  const all = started.move();
  return {
    kubernetes,
    kubelets: running,
    pods: (application) => running.players(application),
    async rollOut(workload) {
      api.change(deployments, 'default', workload, ({ spec }) => {
        const revision = api.revision();
        const { metadata } = spec.template;
        metadata.annotations = { ...metadata.annotations, 'breakwater.dev/rollout': String(revision) };
      });
      await settled(workload);
    },
    async scale(workload, replicas) {
      api.change(deployments, 'default', workload, ({ spec }) => {
        spec.replicas = replicas;
      });
      await settled(workload);
    },
    breakDown(workload, on) {
      running.crashLoop(workload, on);
      for (const { metadata } of podsOf(api, workload)) {
        if (on) running.killForMemory(metadata.name);
        else api.delete(pods, 'default', metadata.name);
      }
    },
    killServerForMemory() {
      const [pod] = podsOf(api, 'postgres');
      if (pod === undefined) throw new Error('the server has no pod');
      running.killForMemory(pod.metadata.name);
    },
    abandonOnRollout: (application, on) =>
      running.abandonWhen(application, on ? (pod) => !isOfNewestRevision(api, pod) : null),
    settled,
    close: () => all.disposeAsync(),
  };
}

/** Those that were not told to go. */
function podsOf(api: KubeApi, workload: string): readonly KubeObject[] {
  return api
    .list(pods, 'default')
    .filter(({ metadata }) => metadata.labels?.['app'] === workload && metadata.deletionTimestamp === undefined);
}

function isSettled(api: KubeApi, workload: string): boolean {
  const deployment = api.get(deployments, 'default', workload);
  if (deployment === null) return false;
  const { spec, status, metadata } = deployment;
  const [ready, updated, all] = [status?.readyReplicas ?? 0, status?.updatedReplicas ?? 0, status?.replicas ?? 0];
  const isNewest = status?.observedGeneration === metadata.generation;
  return isNewest && [ready, updated, all].every((n) => n === spec.replicas);
}

/** Its ReplicaSet is the one that its Deployment counts on. */
function isOfNewestRevision(api: KubeApi, { metadata: { namespace = '', ownerReferences = [] } }: KubeObject): boolean {
  const set = api.get(replicaSets, namespace, ownerReferences[0]?.name ?? '');
  const deployment = api.get(deployments, namespace, set?.metadata.ownerReferences?.[0]?.name ?? '');
  const revision = 'deployment.kubernetes.io/revision';
  return set?.metadata.annotations?.[revision] === deployment?.metadata.annotations?.[revision];
}

function becomesTrue(api: KubeApi, holds: () => boolean, what: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (act: () => void): void => {
      clearTimeout(late);
      unwatch();
      act();
    };
    const late = setTimeout(() => {
      done(() => reject(new Error(`the Deployment ${what} did not settle within ${SETTLES_WITHIN_MS} ms`)));
    }, SETTLES_WITHIN_MS);
    const unwatch = api.watch(() => {
      if (holds()) done(resolve);
    });
    if (holds()) done(resolve);
  });
}
