import type { DetailedSession } from '../model/activity.ts';
import type { Application } from '../model/application.ts';
import type { Backups } from '../model/backup.ts';
import type { ClusterState } from '../model/cluster.ts';
import type { Scaler } from '../model/cluster-inventory.ts';
import type { RoleLimit } from '../model/database-recovery.ts';
import type { Forecast } from '../model/forecast.ts';
import type { Observed } from '../model/observed.ts';
import type { OrphanReport } from '../model/orphan.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { ClusterEvent, Storage, Workload } from '../model/workload.ts';
import type { WorkloadReference } from '../model/workload-reference.ts';

/** What the configuration says of one database, as far as its recovery is concerned. */
export interface RecoverySettings {
  readonly database: string;
  readonly applications: readonly Application[];
  readonly protect: readonly string[];
  readonly workload: WorkloadReference | null;
  readonly claim: WorkloadReference | null;
  /** Released in this order, held in reverse. */
  readonly dependents: readonly WorkloadReference[];
  readonly backup: { readonly cronJob: WorkloadReference; readonly maxAgeMs: number } | null;
  /** How to reach the server by hand, for the manual commands. */
  readonly connection: { readonly host: string; readonly port: number; readonly database: string };
  readonly pgbouncer: { readonly host: string; readonly port: number; readonly user: string } | null;
  readonly volume: { readonly provider: string; readonly id: string } | null;
}

/** A workload that was looked at; `value` null: there is none. */
export interface SeenWorkload {
  readonly reference: WorkloadReference;
  readonly workload: Observed<Workload | null>;
}

/**
 * All that a diagnosis and a plan are made of, read freshly at one moment. A part that is null is not configured, or no
 * cluster is; one that could not be read is unseen, and what hangs on it is refused.
 */
export interface RecoveryFacts {
  readonly settings: RecoverySettings;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly snapshot: Snapshot;
  readonly forecast: Forecast;
  /** Session by session, as far as the server answers. */
  readonly sessions: Observed<readonly DetailedSession[]>;
  /** Of the roles of the configured applications. */
  readonly roles: Observed<readonly RoleLimit[]>;
  readonly orphans: Observed<OrphanReport> | null;
  readonly cluster: Observed<ClusterState> | null;
  readonly workload: SeenWorkload | null;
  readonly dependents: readonly SeenWorkload[];
  /** The workloads of the applications that have one. */
  readonly applicationWorkloads: readonly SeenWorkload[];
  /** Every workload of the namespaces that these live in. */
  readonly neighbours: Observed<readonly Workload[]> | null;
  readonly scalers: Observed<readonly Scaler[]> | null;
  readonly storage: Observed<Storage | null> | null;
  /** Warnings about the server's pods, of the last hour. */
  readonly events: Observed<readonly ClusterEvent[]> | null;
  readonly backups: Observed<Backups | null> | null;
}
