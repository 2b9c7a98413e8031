import { setApiStage } from '../api-stage.ts';
import type { Benchmark } from '../benchmark.ts';
import { figureOf } from '../figure.ts';
import { realisticPod } from '../realistic-pod.ts';
import { runChild } from '../run-child.ts';

const PODS = 5_000;
const RUNS = 3;

interface Held {
  readonly pods: number;
  readonly heapMib: number;
  readonly rssMib: number;
  readonly importMib: number;
}

export default {
  name: 'pod-cache',
  summary: `${PODS.toLocaleString('en')} realistic pods (41 MB of JSON), listed and watched by a process of its own`,
  async run(context) {
    const { server, kubeconfig } = await setApiStage(context);
    server.set(
      '/api/v1/pods',
      Array.from({ length: PODS }, (_, index) => realisticPod(index)),
    );
    server.set(
      '/apis/apps/v1/replicasets',
      Array.from({ length: 400 }, (_, index) => ({ metadata: { name: `rs-${index}`, uid: `rs-${index}` } })),
    );
    const measure = async (who: 'ours' | 'peer'): Promise<Held[]> => {
      const runs: Held[] = [];
      while (runs.length < RUNS) {
        const held = JSON.parse((await runChild('cluster-memory.ts', [who, kubeconfig])).stdout) as Held;
        if (held.pods !== PODS) throw new Error(`${who} holds ${held.pods} pods`);
        context.progress(`${who}: heap ${held.heapMib.toFixed(1)} MiB, import ${held.importMib.toFixed(1)} MiB`);
        runs.push(held);
      }
      return runs;
    };
    const [ours, peer] = [await measure('ours'), await measure('peer')];
    const compare = (name: string, of: (held: Held) => number) => {
      const theirs = figureOf({ name: `${name}, client-node's informer`, unit: 'MiB' }, peer.map(of));
      const source = { name: theirs.name, value: theirs.value, source: 'measured in this run' };
      return [figureOf({ name, unit: 'MiB', peers: [source] }, ours.map(of)), theirs];
    };
    return {
      figures: [
        ...compare('heap, after a collection', ({ heapMib }) => heapMib),
        ...compare('resident, with what the list itself took', ({ rssMib }) => rssMib),
        ...compare('resident, for the import', ({ importMib }) => importMib),
      ],
      notes: ['ours holds trimmed pods, nodes and owners; the informer holds the pods as they came, in typed objects'],
    };
  },
} satisfies Benchmark;
