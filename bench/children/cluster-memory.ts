/**
 * Holds the pods of a cluster in this process, as the bot does (`ours`) or as client-node's informer does (`peer`), and prints
 * what that took: `{pods, heapMib, rssMib, importMib}`.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { systemClock } from '../../src/time/system-clock.ts';

const [who, kubeconfig = ''] = process.argv.slice(2);
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const MIB = 1_024 * 1_024;
const silent = { debug() {}, info() {}, warn() {}, error() {} };

function measure(): { heap: number; rss: number } {
  for (let times = 3; times > 0; times -= 1) collect();
  const { heapUsed, rss } = process.memoryUsage();
  return { heap: heapUsed, rss };
}

const empty = measure();
const hold = who === 'ours' ? await loadOurs() : await loadPeer();
const loaded = measure();
const held = await hold();
const full = measure();
const report = {
  pods: held.count(),
  importMib: (loaded.rss - empty.rss) / MIB,
  heapMib: (full.heap - loaded.heap) / MIB,
  rssMib: (full.rss - loaded.rss) / MIB,
};
await held.close();
process.stdout.write(JSON.stringify(report));
process.exit(0);

interface Held {
  readonly count: () => number;
  readonly close: () => Promise<void>;
}

async function loadOurs(): Promise<() => Promise<Held>> {
  const { createKubernetes } = await import('../../src/kubernetes/create-kubernetes.ts');
  return async () => {
    const kubernetes = await createKubernetes({
      config: { kubeconfig },
      environment: {},
      clock: systemClock,
      log: silent,
      random: Math.random,
    });
    const { cluster } = kubernetes;
    for (let seen = cluster.latest(); !seen.ok; seen = cluster.latest()) await delay(50);
    // The owners come a moment after the pods.
    await delay(1_500);
    return {
      count() {
        const seen = cluster.latest();
        return seen.ok ? seen.value.pods.length : 0;
      },
      close: () => kubernetes.close(),
    };
  };
}

async function loadPeer(): Promise<() => Promise<Held>> {
  const { CoreV1Api, KubeConfig, makeInformer } = await import('@kubernetes/client-node');
  return async () => {
    const config = new KubeConfig();
    config.loadFromFile(kubeconfig);
    const api = config.makeApiClient(CoreV1Api);
    const informer = makeInformer(config, '/api/v1/pods', () => api.listPodForAllNamespaces());
    await informer.start();
    return { count: () => informer.list().length, close: () => informer.stop() };
  };
}
