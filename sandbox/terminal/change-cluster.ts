import type { KubeObject } from '../kubernetes/api/object.ts';
import nodes from '../kubernetes/resources/nodes.ts';
import pods from '../kubernetes/resources/pods.ts';
import { CAST } from '../stage/cast.ts';
import { POD_ADDRESSES, type StageCluster } from '../stage/cluster/set-cluster.ts';
import type { Stage } from '../stage/set-stage.ts';
import { listPods } from './list-pods.ts';
import type { ClusterAct } from './parse-cluster-line.ts';
import { withPatience } from './patience.ts';
import { runKubectl } from './run-kubectl.ts';

/** A pod that waits for a node, a volume or a server that hangs: the next line must be read all the same. */
const PATIENCE_MS = 15_000;
const COUNTS_WITHIN_MS = 2_000;
/** Each is a process of this machine. */
const MOST_REPLICAS = 10;
const WORKLOADS: readonly string[] = ['postgres', 'redis', ...CAST.map(({ name }) => name)];

/** Does to the cluster what a person asks for, or looks; gives what to tell. Throws what is not there, in a sentence. */
export async function changeCluster(stage: Stage, act: ClusterAct): Promise<string> {
  const { cluster } = stage;
  if (cluster === null) throw new Error('This stage has no cluster: npm run sandbox, without a scenario, has one.');
  const { api, faults } = cluster.kubernetes;
  switch (act.verb) {
    case 'rollout':
      return settle(
        cluster.rollOut(demandWorkload(act.workload)),
        `${act.workload} runs a new revision; the old pods log out, and go.`,
      );
    case 'abandon':
      return settle(
        abandon(cluster, demandWorkload(act.workload)),
        `${act.workload} runs a new revision; the old pods are gone, and PostgreSQL still holds their sessions.\n` +
          'Those that are a minute old are orphaned: wait for the others, then /db kill-stale',
      );
    case 'scale':
      if (act.replicas > MOST_REPLICAS) throw new Error(`Each pod is a process here: ${MOST_REPLICAS} at most.`);
      return settle(
        cluster.scale(demandWorkload(act.workload), act.replicas),
        `${act.workload} has ${act.replicas} pods.`,
      );
    case 'break':
      cluster.breakDown(demandWorkload(act.workload), true);
      return `${act.workload} crashes, and crashes again when it is started; mend ${act.workload} ends it.`;
    case 'mend':
      cluster.breakDown(demandWorkload(act.workload), false);
      return settle(cluster.settled(act.workload), `${act.workload} runs again.`);
    case 'kill-node':
      demandOne(api.list(nodes, null), act.node, 'node');
      cluster.kubelets.killNode(act.node, { sockets: 'stay' });
      return `${act.node} is dead: what runs there stands still, and its sockets stay. Kubernetes takes 40 to 50 s to notice; revive-node ${act.node} ends it.`;
    case 'revive-node':
      demandOne(api.list(nodes, null), act.node, 'node');
      cluster.kubelets.reviveNode(act.node);
      return `${act.node} is back, and does what it missed.`;
    case 'crash-pod': {
      const all = api.list(pods, 'default');
      const { name } = (all.find((pod) => pod.metadata.name.startsWith(act.pod)) ?? demandOne(all, act.pod, 'pod'))
        .metadata;
      cluster.kubelets.killForMemory(name);
      return `${name} was killed for want of memory; its kubelet starts it again, later each time.`;
    }
    case 'api':
      faults.clear();
      if (act.turns === 'back') return 'The Kubernetes API is back.';
      faults.set({ kind: 'drop' });
      faults.closeSockets();
      return 'The Kubernetes API is away; what runs goes on. The bot must say what it does not know: /db status, /db kill-stale';
    case 'pods': {
      const addresses = await withPatience(COUNTS_WITHIN_MS, stage.observer.addresses()).catch(() => 'late' as const);
      return listPods({
        api,
        addresses: addresses === 'late' ? null : addresses,
        podNetwork: POD_ADDRESSES,
        now: stage.time.now(),
      });
    }
    case 'kubectl':
      return runKubectl(stage, act.args);
  }
}

/** Only the pods that this rollout replaces leave their sessions behind. */
async function abandon(cluster: StageCluster, workload: string): Promise<void> {
  if (['postgres', 'redis'].includes(workload))
    throw new Error('It is the clients that leave sessions behind: abandon site.');
  cluster.abandonOnRollout(workload, true);
  try {
    await cluster.rollOut(workload);
  } finally {
    cluster.abandonOnRollout(workload, false);
  }
}

async function settle(work: Promise<void>, settled: string): Promise<string> {
  const done = await withPatience(PATIENCE_MS, work);
  return done === 'late' ? 'That takes long, and goes on: pods shows how far it is.' : settled;
}

function demandWorkload(name: string): string {
  if (!WORKLOADS.includes(name)) throw new Error(`There is no ${name}: ${WORKLOADS.join(', ')}.`);
  return name;
}

function demandOne(all: readonly KubeObject[], wanted: string, kind: 'node' | 'pod'): KubeObject {
  const found = all.find(({ metadata }) => metadata.name === wanted);
  if (found === undefined)
    throw new Error(`There is no ${kind} ${wanted}: ${all.map(({ metadata }) => metadata.name).join(', ')}.`);
  return found;
}
