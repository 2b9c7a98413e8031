import type { AccessReviews } from '../model/access-review.ts';
import type { BackupJobs } from '../model/backup.ts';
import type { Clock } from '../model/clock.ts';
import type { ClusterChanges } from '../model/cluster-changes.ts';
import type { ClusterInventory } from '../model/cluster-inventory.ts';
import type { ClusterEvidence } from '../model/evidence.ts';
import type { Log } from '../model/log.ts';
import type { ClusterObjects } from '../model/workload.ts';
import { createBackupJobs } from './backup-jobs.ts';
import { createClusterEvidence } from './capture-evidence.ts';
import { createClient, type KubernetesClient } from './client.ts';
import { createClusterChanges } from './cluster-changes.ts';
import { createClusterInventory } from './cluster-inventory.ts';
import { createCluster, type WatchedCluster } from './create-cluster.ts';
import { type KubeconfigPlaces, loadKubeconfig } from './load-kubeconfig.ts';
import { createObserver } from './observe.ts';
import { readEvents } from './read-events.ts';
import { readStorage } from './read-storage.ts';
import { readWorkload } from './read-workload.ts';
import { createAccessReviews } from './review-access.ts';

/** The cluster as the bot knows it, through its ports. */
export interface Kubernetes {
  readonly cluster: WatchedCluster;
  readonly objects: ClusterObjects;
  readonly access: AccessReviews;
  readonly backups: BackupJobs;
  readonly changes: ClusterChanges;
  readonly inventory: ClusterInventory;
  readonly evidence: ClusterEvidence;
  /** What all of these go over. */
  readonly client: KubernetesClient;
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
    backups: createBackupJobs({ client, observe, clock }),
    changes: createClusterChanges({ client, clock }),
    inventory: createClusterInventory({ client, observe, clock }),
    evidence: createClusterEvidence({ client, clock, log }),
    client,
    async close() {
      const closed = cluster.close();
      client.close();
      await closed;
    },
  };
}
