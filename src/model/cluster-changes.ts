import type { WorkloadReference } from './workload-reference.ts';

/** What became of a change of the world. A timeout is neither success nor failure: read the world again. */
export type Change =
  /** The server said that it is so now. */
  | { readonly kind: 'done' }
  /** Nothing was changed; the reason says what to do. Hostile text. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** It may have been done, and may be still. */
  | { readonly kind: 'unknown'; readonly reason: string };

/** How many pods a workload shall have, from what to what, and what is remembered meanwhile. */
export interface ScaleChange {
  readonly reference: WorkloadReference;
  /** Of the object that was looked at: one that was made anew is another. */
  readonly uid: string;
  readonly from: number;
  readonly to: number;
  /**
   * The annotation `breakwater.dev/held-replicas`, in the same change: `remember` writes `from` into it and is refused where
   * there is one already (it is never overwritten); `forget` takes it away; `leave` does not touch it.
   */
  readonly held: 'remember' | 'forget' | 'leave';
}

/** The port through which a recovery changes a cluster. Each change is conditional on what was seen, and nothing throws. */
export interface ClusterChanges {
  /** Refused where the object has another uid, or other replicas than `from`. Needs `patch` on deployments and statefulsets. */
  scale(change: ScaleChange): Promise<Change>;
  /**
   * Replaces its pods as `kubectl rollout restart` does. `mark` becomes the value of the annotation
   * `kubectl.kubernetes.io/restartedAt`: the same mark twice is one restart.
   */
  restart(reference: WorkloadReference, uid: string, mark: string): Promise<Change>;
}

/** Where a workload that is held at 0 remembers its replicas (product.md §7). */
export const HELD_REPLICAS = 'breakwater.dev/held-replicas';
