import type { Backups } from './backup.ts';
import type { ClusterNode, Pod } from './cluster.ts';
import type { Observed } from './observed.ts';
import type { OrphanReport } from './orphan.ts';
import type { ClusterEvent, Storage, Workload } from './workload.ts';
import type { WorkloadReference } from './workload-reference.ts';

/** One workload that is watched, with its pods and what the cluster says about them. */
export interface WatchedWorkload {
  readonly reference: WorkloadReference;
  /** The server itself, or something that depends on it. */
  readonly role: 'database' | 'dependent';
  /** `value` null: there is no such workload. */
  readonly workload: Observed<Workload | null>;
  /** Of it; live and terminating ones. */
  readonly pods: Observed<readonly Pod[]>;
  /** Warnings about its pods, of the last minutes. */
  readonly events: Observed<readonly ClusterEvent[]>;
}

/** Where one database runs, as the cluster tells. A part that is null is not configured, and nobody asks for it. */
export interface ClusterPlace {
  readonly workload: WatchedWorkload | null;
  /** In the order of the configuration. */
  readonly dependents: readonly WatchedWorkload[];
  /** The node under the newest pod of `workload`, or one that is not Ready under another of it; `value` null: it has no pod that is scheduled. */
  readonly node: Observed<ClusterNode | null> | null;
  readonly storage: Observed<Storage | null> | null;
  readonly backups: { readonly found: Observed<Backups | null>; readonly maxAgeMs: number } | null;
  readonly orphans: Observed<OrphanReport> | null;
}
