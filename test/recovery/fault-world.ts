import { LINODE_STORAGE_CLASSES } from '../../sandbox/kubernetes/controllers/linode-storage.ts';
import { startControllers } from '../../sandbox/kubernetes/controllers/start-controllers.ts';
import { createSandboxKubernetes, type SandboxKubernetes } from '../../sandbox/kubernetes/create-sandbox-kubernetes.ts';
import cronJobs from '../../sandbox/kubernetes/resources/cron-jobs.ts';
import deployments from '../../sandbox/kubernetes/resources/deployments.ts';
import nodes from '../../sandbox/kubernetes/resources/nodes.ts';
import persistentVolumeClaims from '../../sandbox/kubernetes/resources/persistent-volume-claims.ts';
import pods from '../../sandbox/kubernetes/resources/pods.ts';
import storageClasses from '../../sandbox/kubernetes/resources/storage-classes.ts';
import { createBackupJobs } from '../../src/kubernetes/backup-jobs.ts';
import { createClusterEvidence } from '../../src/kubernetes/capture-evidence.ts';
import { createClient } from '../../src/kubernetes/client.ts';
import { createClusterChanges } from '../../src/kubernetes/cluster-changes.ts';
import { createClusterInventory } from '../../src/kubernetes/cluster-inventory.ts';
import { createCluster } from '../../src/kubernetes/create-cluster.ts';
import { createObserver } from '../../src/kubernetes/observe.ts';
import { readEvents } from '../../src/kubernetes/read-events.ts';
import { readStorage } from '../../src/kubernetes/read-storage.ts';
import { readWorkload } from '../../src/kubernetes/read-workload.ts';
import type { Clock } from '../../src/model/clock.ts';
import { seen } from '../../src/model/observed.ts';
import type { StepTools } from '../../src/recovery/step.ts';
import { admission } from '../support/builders.ts';
import { detailedSession } from '../support/detailed-session.ts';
import { startFakeKubelet } from '../support/fake-kubelet.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { createRecordedLog } from '../support/recorded-log.ts';
import { createFakeGround } from './fake-ground.ts';

/** What was changed of a workload, as in `default/site 3 → 0`, and what ran of the server when it was started. */
export interface FaultWorld {
  readonly server: SandboxKubernetes;
  readonly tools: StepTools;
  readonly now: () => number;
  /** Lets so much of the world's time pass, with all that happens in it. */
  readonly pass: (ms: number) => Promise<void>;
  /** Whoever waits for an answer now has waited long enough. */
  readonly runOut: () => void;
  /** Each change of replicas and each restart, in order. */
  readonly effects: string[];
  /** Annotations of ours that are left, by workload. */
  readonly held: () => readonly string[];
  close(): Promise<void>;
}

/**
 * The real ports over the emulated API server with its controllers, and a kubelet that runs nothing: PostgreSQL is told of as
 * well. The world's time passes only when somebody waits; an answer that never comes runs out when the test says so.
 */
export async function startFaultWorld(): Promise<FaultWorld> {
  const world = createManualClock();
  const log = createRecordedLog();
  let turn = Promise.resolve();
  const pass = (ms: number): Promise<void> => (turn = turn.then(() => world.advance(ms)));
  const server = await createSandboxKubernetes({
    clock: world,
    namespaces: ['default', 'kube-system', 'kube-node-lease'],
  });
  const { api } = server;
  for (const storageClass of LINODE_STORAGE_CLASSES) api.create(storageClasses, storageClass);
  const controllers = startControllers({ api, clock: world });
  const kubelet = startFakeKubelet({ api, clock: world, node: 'node-1' });
  api.change(nodes, null, 'node-1', ({ spec }) => (spec.podCIDRs = ['10.2.0.0/24']));
  for (const object of [deployment('postgres', 1), deployment('site', 3), deployment('bot', 2)])
    api.create(deployments, object);
  api.create(persistentVolumeClaims, CLAIM);
  api.create(cronJobs, CRON_JOB);
  const lastSuccessfulTime = new Date(world.now()).toISOString();
  api.change(cronJobs, 'default', 'backup', (draft) => (draft.status = { lastSuccessfulTime }), 'status');
  await pass(60_000);

  const effects: string[] = [];
  const last = new Map(api.list(deployments, 'default').map((each) => [each.metadata.name, tell(each)]));
  const unwatch = api.watch(({ resource, object }) => {
    if (resource !== deployments) return;
    const { name } = object.metadata;
    const before = last.get(name);
    const after = tell(object);
    last.set(name, after);
    if (before === undefined || before === after) return;
    const left = name === 'postgres' && object.spec.replicas > 0 ? ` beside ${countPods(name)}` : '';
    effects.push(`${name} ${before} → ${after}${left}`);
  });
  const countPods = (app: string): number =>
    api.list(pods, 'default').filter(({ metadata }) => metadata.labels?.['app'] === app).length;

  const deadlines = new Set<() => void>();
  /** Of a client: how long it waits for an answer. What is shorter is no deadline, and is over at once. */
  const patience: Clock = {
    now: () => world.now(),
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (ms < SHORTEST_DEADLINE_MS) return void setImmediate(resolve);
        const done = (): void => {
          deadlines.delete(done);
          resolve();
        };
        deadlines.add(done);
        signal?.addEventListener('abort', done, { once: true });
        return undefined;
      }),
  };
  /** Of who asks again later: that much passes. */
  const clock: Clock = { now: () => world.now(), sleep: (ms) => pass(ms) };
  const kubeconfig = {
    source: 'a test',
    server: { name: 'c', server: server.url, skipTLSVerify: true },
    user: { name: 'u' },
  };
  const client = createClient({ kubeconfig, clock: patience });
  const observe = createObserver(clock, log);
  const cluster = createCluster({ client, clock: patience, random: () => 0.5, log, observe });
  const ground = createFakeGround({ admissions: [seen(admission(), world.now())] });
  const sessions = new Set([LEFTOVER]);
  return {
    server,
    tools: {
      ...ground.tools,
      actions: {
        readDetails: async () => seen([...sessions], world.now()),
        readObstacle: async () => null,
        readPoolerPids: async () => seen(new Set<number>(), world.now()),
        async terminate(targets) {
          effects.push(`ended ${targets.length}`);
          sessions.clear();
          return { fates: targets.map((target) => ({ target, fate: 'terminated', reason: null })), tookMs: 1 };
        },
      },
      cluster,
      objects: {
        readWorkload: (reference) => observe(() => readWorkload(client, reference)),
        readStorage: (claim) => observe(() => readStorage(client, clock, claim)),
        readEvents: (namespace, names) => observe(() => readEvents(client, clock, namespace, names)),
      },
      changes: createClusterChanges({ client, clock }),
      inventory: createClusterInventory({ client, observe, clock }),
      evidence: createClusterEvidence({ client, clock, log }),
      backups: createBackupJobs({ client, observe, clock }),
      clock,
    },
    now: () => world.now(),
    pass,
    runOut: () => {
      for (const done of deadlines) done();
    },
    effects,
    held: () =>
      api
        .list(deployments, 'default')
        .filter(({ metadata }) => metadata.annotations?.['breakwater.dev/held-replicas'] !== undefined)
        .map(({ metadata }) => metadata.name),
    async close() {
      unwatch();
      kubelet.stop();
      controllers.stop();
      await cluster.close();
      client.close();
      await server.close();
    },
  };
}

/** Of a pod of site that is gone. */
export const LEFTOVER = detailedSession({ address: '10.2.0.5' });

/** That of the list of ReplicaSets is 3 s; a connection that was broken is left alone for less. */
const SHORTEST_DEADLINE_MS = 2_000;

type Written = ReturnType<SandboxKubernetes['api']['list']>[number];

function tell({ spec }: Written): string {
  const mark = spec.template.metadata.annotations?.['kubectl.kubernetes.io/restartedAt'];
  return `${spec.replicas}${mark === undefined ? '' : ', restarted'}`;
}

function deployment(app: string, replicas: number) {
  const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'postgres-storage' } }];
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: app, namespace: 'default' },
    spec: {
      replicas,
      selector: { matchLabels: { app } },
      ...(app === 'postgres' && { strategy: { type: 'Recreate' } }),
      template: {
        metadata: { labels: { app } },
        spec: { containers: [{ name: 'c', image: 'x:1' }], ...(app === 'postgres' && { volumes }) },
      },
    },
  };
}

const CLAIM = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'postgres-storage', namespace: 'default' },
  spec: {
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage: '10Gi' } },
    storageClassName: 'linode-block-storage-retain',
  },
};

const CRON_JOB = {
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata: { name: 'backup', namespace: 'default' },
  spec: {
    schedule: '0 3 1 1 *',
    suspend: true,
    jobTemplate: {
      spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'x:1' }] } } },
    },
  },
};
