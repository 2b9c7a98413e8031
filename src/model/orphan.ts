import type { ClusterState, Pod, VanishedPod } from './cluster.ts';
import type { Observed } from './observed.ts';

/** What is known of the cluster when sessions are judged, and what of its networks. */
export interface ClusterLook {
  /** `at` is when the list was asked for: it counts only where that is after the sessions were read. */
  readonly state: Observed<ClusterState>;
  /** CIDRs of the pods, as configured. */
  readonly podCidrs: readonly string[];
  /** Addresses that are never taken for a vanished pod's. */
  readonly excludeAddresses: readonly string[];
}

/** Whose a session is, as the cluster tells. `words` are about this one session; names in it are hostile text. */
export type Ownership =
  /** Nobody's any more. `pod` null: it went further back than Breakwater remembers, or has ended and is still listed. */
  | {
      readonly kind: 'orphaned';
      readonly pod: VanishedPod | null;
      /**
       * It began when no pod was seen with its address: of what outlived its pod, or of no pod at all, as a bridge that no node
       * tells. Orphaned by product.md §6 all the same, and worth a look before the click.
       */
      readonly strange: boolean;
      /** Its pod's node, where that is not Ready: the process may still run there. */
      readonly mayRunOn?: string;
      readonly words: string;
    }
  | { readonly kind: 'live'; readonly pod: Pod; readonly words: string }
  /** Older than the pod that has its address now: never selected. */
  | { readonly kind: 'reused'; readonly pod: Pod; readonly words: string }
  /** No pod's address: another network, a node, a tunnel, an excluded address, a Unix-domain socket. */
  | { readonly kind: 'elsewhere'; readonly words: string }
  /** Doubtful: never selected. */
  | { readonly kind: 'unknown'; readonly words: string };

/** The orphaned sessions of one address. */
export interface OrphanGroup {
  readonly address: string;
  readonly pod: VanishedPod | null;
  /** Largest first. */
  readonly applications: readonly { readonly name: string; readonly count: number }[];
  readonly count: number;
  readonly oldestMs: number;
}

/** How many sessions of one database nobody owns, in plain numbers. */
export interface OrphanReport {
  /** Largest first. Only what `/db kill-stale` would select. */
  readonly groups: readonly OrphanGroup[];
  readonly count: number;
  readonly unknown: number;
  readonly reused: number;
  /** Epoch milliseconds: pods that went before it have no name. */
  readonly watchedSince: number;
}
