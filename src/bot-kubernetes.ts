import type { KubernetesConfig } from './config/config.ts';
import type { AccessReviews } from './model/access-review.ts';
import type { BackupJobs } from './model/backup.ts';
import type { Clock } from './model/clock.ts';
import type { Cluster } from './model/cluster.ts';
import type { ClusterChanges } from './model/cluster-changes.ts';
import type { ClusterInventory } from './model/cluster-inventory.ts';
import type { ClusterEvidence } from './model/evidence.ts';
import type { Log } from './model/log.ts';
import { type Observed, unseen } from './model/observed.ts';
import { OWN_SCOPE, type SourceState } from './model/source-state.ts';
import { UserFacingError } from './model/user-facing-error.ts';
import type { ClusterObjects } from './model/workload.ts';

/** The cluster through its ports, and what the configuration says of its networks. */
export interface BotKubernetes {
  readonly cluster: Cluster;
  readonly objects: ClusterObjects;
  readonly access: AccessReviews;
  readonly backups: BackupJobs;
  readonly changes: ClusterChanges;
  readonly inventory: ClusterInventory;
  readonly evidence: ClusterEvidence;
  readonly podCidrs: readonly string[];
  readonly excludeAddresses: readonly string[];
  /** Whether the bot sees it. */
  source(): SourceState;
  close(): Promise<void>;
}

/**
 * Reaches the configured cluster; null where none is. One that cannot be reached, for want of a kubeconfig too, holds nothing
 * up: what needs it says why it does not know (product.md §7, last bullet). The SDK is loaded only here, and only then.
 */
export async function startKubernetes(options: {
  readonly config: KubernetesConfig | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly log: Log;
}): Promise<BotKubernetes | null> {
  const { config, environment, clock, log } = options;
  if (config === undefined) return null;
  const { podCidrs, excludeAddresses } = config;
  const networks = { podCidrs, excludeAddresses };
  try {
    const { createKubernetes } = await import('./kubernetes/create-kubernetes.ts');
    const kubernetes = await createKubernetes({ config, environment, clock, log, random: Math.random });
    const { cluster, objects, access, backups, changes, inventory, evidence } = kubernetes;
    return {
      ...networks,
      cluster,
      objects,
      access,
      backups,
      changes,
      inventory,
      evidence,
      source: () => ({ database: OWN_SCOPE, name: 'kubernetes', blind: cluster.blind() }),
      close: () => kubernetes.close(),
    };
  } catch (error) {
    if (!(error instanceof UserFacingError)) throw error;
    log.error({ reason: error.message }, 'the cluster is out of reach; everything else goes on');
    return { ...networks, ...createBlindness(error.message, clock) };
  }
}

/** Of a cluster that nobody can ask: every question has the same answer. */
export function createBlindness(reason: string, clock: Clock): Omit<BotKubernetes, 'podCidrs' | 'excludeAddresses'> {
  const since = clock.now();
  const nothing = (): Observed<never> => unseen(reason, clock.now());
  const later = async (): Promise<Observed<never>> => nothing();
  const refuse = async () => ({ kind: 'refused', reason }) as const;
  return {
    cluster: { latest: nothing, list: later, onChange: () => () => {} },
    objects: { readWorkload: later, readStorage: later, readEvents: later },
    access: { review: later },
    backups: { read: later, start: refuse },
    changes: { scale: refuse, restart: refuse },
    inventory: { listWorkloads: later, listScalers: later, readNodeLease: later },
    evidence: { capture: async () => ({ files: [], gaps: [reason] }) },
    source: () => ({ database: OWN_SCOPE, name: 'kubernetes', blind: { since, reason } }),
    close: async () => {},
  };
}
