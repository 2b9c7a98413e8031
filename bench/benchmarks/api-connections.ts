import { createKubernetes } from '../../src/kubernetes/create-kubernetes.ts';
import { systemClock } from '../../src/time/system-clock.ts';
import { sendStatus } from '../../test/support/fake-api-server.ts';
import { setApiStage } from '../api-stage.ts';
import type { Benchmark, BenchmarkContext } from '../benchmark.ts';
import { figureOf, singleFigure } from '../figure.ts';
import { realisticPod } from '../realistic-pod.ts';

const REQUESTS = 10_000;
const AT_ONCE = 4;
/** Each of its requests leaves a connection open (facts.md, Kubernetes client 1): a few are enough. */
const REQUESTS_OF_PEER = 100;
const MOST_CONNECTIONS = 4;
const PATH = '/api/v1/namespaces/team-0/pods';
const silent = { debug() {}, info() {}, warn() {}, error() {} };

export default {
  name: 'api-connections',
  summary: `${REQUESTS.toLocaleString('en')} requests to an API server over TLS, ${AT_ONCE} at once, beside the two watches`,
  async run(context) {
    const ours = await measureOurs(context);
    const peer = await measurePeer(context);
    if (ours.peak > MOST_CONNECTIONS) throw new Error(`${ours.peak} connections were open`);
    const source = 'measured in this run';
    const theirs = figureOf({ name: 'client-node as it comes, a request', unit: 'ms' }, peer.ms);
    const theirPeak = singleFigure(
      { name: 'client-node as it comes, most connections open', unit: 'connections' },
      { statistic: 'mean', value: peer.peak, n: REQUESTS_OF_PEER },
    );
    return {
      figures: [
        singleFigure(
          {
            name: 'most connections open',
            unit: 'connections',
            peers: [{ name: theirPeak.name, value: theirPeak.value, source }],
          },
          { statistic: 'mean', value: ours.peak, n: REQUESTS },
        ),
        figureOf(
          { name: 'a request, one at a time', unit: 'ms', peers: [{ name: theirs.name, value: theirs.value, source }] },
          ours.ms,
        ),
        singleFigure(
          { name: `a request, ${AT_ONCE} at once, faults included`, unit: 'ms' },
          { statistic: 'mean', value: ours.meanMs, n: REQUESTS },
        ),
        theirPeak,
        theirs,
      ],
      notes: [
        'one request in 100 is answered by a cut connection, one in 100 by a 500, one in 2,000 by silence until its deadline of 100 ms',
        'server and clients share one process and two cores',
      ],
    };
  },
} satisfies Benchmark;

async function measureOurs(context: BenchmarkContext) {
  const { server, kubeconfig } = await setApiStage(context);
  server.set(PATH, [{ ...realisticPod(0), metadata: { ...realisticPod(0).metadata, name: 'one' } }]);
  const kubernetes = await createKubernetes({
    config: { kubeconfig },
    environment: {},
    clock: systemClock,
    log: silent,
    random: Math.random,
  });
  context.scope.defer(() => kubernetes.close());
  const ask = (deadlineMs?: number) =>
    kubernetes.client.request({ path: `${PATH}/one`, ...(deadlineMs !== undefined && { deadlineMs }) });
  while (!kubernetes.cluster.latest().ok) await ask();
  const ms: number[] = [];
  for (let left = 500; left > 0; left -= 1) {
    const begun = performance.now();
    await ask();
    ms.push(performance.now() - begun);
  }
  let count = 0;
  server.intercept(({ path }, response) => {
    if (path !== `${PATH}/one`) return false;
    count += 1;
    if (count % 2_000 === 0) return true;
    if (count % 100 === 0) response.destroy();
    else if (count % 100 === 50) sendStatus(response, 500, 'InternalError', 'etcd');
    else return false;
    return true;
  });
  const begun = performance.now();
  const askInARow = async (): Promise<void> => {
    for (let left = REQUESTS / AT_ONCE; left > 0; left -= 1)
      await ask(count % 2_000 > 1_990 ? 100 : 5_000).catch(() => null);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, askInARow));
  return { ms, meanMs: (performance.now() - begun) / REQUESTS, peak: server.connections.peak };
}

async function measurePeer(context: BenchmarkContext) {
  const { server, kubeconfig } = await setApiStage(context);
  server.set(PATH, [{ ...realisticPod(0), metadata: { ...realisticPod(0).metadata, name: 'one' } }]);
  const { CoreV1Api, KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const api = config.makeApiClient(CoreV1Api);
  const ms: number[] = [];
  while (ms.length < REQUESTS_OF_PEER) {
    const begun = performance.now();
    await api.readNamespacedPod({ namespace: 'team-0', name: 'one' });
    ms.push(performance.now() - begun);
  }
  return { ms, peak: server.connections.peak };
}
