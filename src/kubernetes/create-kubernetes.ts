import type { AccessReviews } from '../model/access-review.ts';
import type { Clock } from '../model/clock.ts';
import type { Log } from '../model/log.ts';
import type { ClusterObjects } from '../model/workload.ts';
import { createClient, type KubernetesClient } from './client.ts';
import { createCluster, type WatchedCluster } from './create-cluster.ts';
import { type KubeconfigPlaces, loadKubeconfig } from './load-kubeconfig.ts';
import { createObserver, type Observe } from './observe.ts';
import { readEvents } from './read-events.ts';
import { readStorage } from './read-storage.ts';
import { readWorkload } from './read-workload.ts';
import { createAccessReviews } from './review-access.ts';

/** The cluster as the bot knows it: the ports, and the client that further ports are built on. */
export interface Kubernetes {
  readonly cluster: WatchedCluster;
  readonly objects: ClusterObjects;
  readonly access: AccessReviews;
  readonly client: KubernetesClient;
  /** Turns what the client does into a port that never throws. */
  readonly observe: Observe;
  /** Ends the watches, breaks off what is under way, and leaves no connection. */
  close(): Promise<void>;
}

/** Reads the kubeconfig (UserFacingError) and starts the watches; whether the API server answers, they tell. */
export async function createKubernetes(options: {
  readonly config: { readonly kubeconfig: string | undefined };
  readonly environment: KubeconfigPlaces['environment'];
  readonly clock: Clock;
  readonly log: Log;
  /** 0 to 1. */
  readonly random: () => number;
}): Promise<Kubernetes> {
  const { config, environment, clock, log, random } = options;
  const kubeconfig = await loadKubeconfig({ path: config.kubeconfig, environment });
  const client = createClient({ kubeconfig, clock });
  log.info({ server: kubeconfig.server.server, credentials: kubeconfig.source }, 'watching the cluster');
  const observe = createObserver(clock, log);
  const cluster = createCluster({ client, clock, random, log, observe });
  return {
    cluster,
    objects: {
      readWorkload: (reference) => observe(() => readWorkload(client, reference)),
      readStorage: (claim) => observe(() => readStorage(client, clock, claim)),
      readEvents: (namespace, names) => observe(() => readEvents(client, clock, namespace, names)),
    },
    access: createAccessReviews(client, observe),
    client,
    observe,
    async close() {
      const closed = cluster.close();
      client.close();
      await closed;
    },
  };
}
