import type { DatabaseConfig, KubernetesConfig } from './config/config.ts';
import type { BackupJobs } from './model/backup.ts';
import type { Clock } from './model/clock.ts';
import type { Cluster } from './model/cluster.ts';
import type { DatabaseActions } from './model/database-actions.ts';
import type { ClusterPlace } from './model/place.ts';
import type { Snapshot } from './model/snapshot.ts';
import type { ClusterObjects } from './model/workload.ts';
import { parseWorkloadReference, type WorkloadReference } from './model/workload-reference.ts';
import { watchOrphans } from './watch/watch-orphans.ts';
import { watchPlace } from './watch/watch-place.ts';

export interface BotPlace {
  /** As it is known now; free of I/O. */
  place(): ClusterPlace;
  /** Sessions were ended: count those that nobody owns anew. */
  recount(): void;
  stop(): Promise<void>;
}

/** Wires what the cluster tells about one database. Without pod networks nobody looks for orphaned sessions. */
export function startPlace(options: {
  readonly database: Pick<DatabaseConfig, 'workload' | 'claim' | 'dependents' | 'backup' | 'applications' | 'protect'>;
  readonly kubernetes: Pick<KubernetesConfig, 'podCidrs' | 'excludeAddresses'>;
  readonly cluster: Cluster;
  readonly objects: ClusterObjects;
  readonly backups: BackupJobs;
  /** The newest sample of the database. */
  readonly sessions: () => Snapshot['sessions'];
  readonly actions: Pick<DatabaseActions, 'readDetails' | 'readPoolerPids'>;
  readonly reportOrphans: Parameters<typeof watchOrphans>[0]['reportOrphans'];
  readonly clock: Clock;
}): BotPlace {
  const { database, kubernetes, cluster, objects, backups, sessions, actions, reportOrphans, clock } = options;
  const { applications, protect, backup } = database;
  // What they bring is judged on a clock, and shown when somebody asks.
  const onChange = (): void => {};
  const counting = { sessions, actions, cluster, ...kubernetes, applications, protect, reportOrphans, clock, onChange };
  const orphans = kubernetes.podCidrs.length === 0 ? null : watchOrphans(counting);
  const config = {
    workload: refer(database.workload),
    claim: refer(database.claim),
    dependents: database.dependents.flatMap((dependent) => refer(dependent) ?? []),
    backup: backup === undefined ? null : { cronJob: mustRefer(backup.cronJob), maxAgeMs: backup.maxAgeMs },
  };
  const watch = watchPlace({ config, cluster, objects, backups, orphans, clock, onChange });
  return {
    place: () => watch.latest(),
    recount: () => orphans?.demand(),
    async stop() {
      await Promise.all([watch.stop(), orphans?.stop()]);
    },
  };
}

/** The configured object, or null. Throws as `mustRefer` does. */
export function refer(text: string | undefined): WorkloadReference | null {
  return text === undefined ? null : mustRefer(text);
}

/** Throws on what the configuration has let through wrongly, which is a fault of the program. */
export function mustRefer(text: string): WorkloadReference {
  const reference = parseWorkloadReference(text);
  if (reference === null) throw new Error(`${text} is no reference to an object of the cluster`);
  return reference;
}
