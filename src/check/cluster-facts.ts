import type { AccessAnswer } from '../model/access-review.ts';
import type { Backups } from '../model/backup.ts';
import type { ClusterState } from '../model/cluster.ts';
import type { Observed } from '../model/observed.ts';
import type { Storage, Workload } from '../model/workload.ts';

/** What was gathered of the cluster; the maps go by `namespace/kind/name` as configured. */
export interface ClusterFacts {
  readonly state: Observed<ClusterState>;
  readonly access: Observed<readonly AccessAnswer[]>;
  readonly workloads: ReadonlyMap<string, Observed<Workload | null>>;
  readonly claims: ReadonlyMap<string, Observed<Storage | null>>;
  readonly cronJobs: ReadonlyMap<string, Observed<Backups | null>>;
  /** By path. */
  readonly manifests: ReadonlyMap<string, ManifestText>;
}

export type ManifestText =
  | { readonly ok: true; readonly text: string }
  /** As in `ENOENT`. */
  | { readonly ok: false; readonly code: string };
