import type { Observed } from './observed.ts';

/** What owns a pod, followed through its ReplicaSet: `Deployment`, `StatefulSet`, `DaemonSet`, `Job`… */
export interface PodOwner {
  readonly kind: string;
  readonly name: string;
  /** The rollout that made it, as `kubectl rollout history` counts; null where unknown, or for kinds without. */
  readonly revision: string | null;
}

/** One container of a pod, as much as people need to know why it is not well. */
export interface PodContainer {
  readonly name: string;
  readonly image: string;
  readonly ready: boolean;
  readonly restarts: number;
  /** As in `CrashLoopBackOff`, `ImagePullBackOff`; null while it runs. */
  readonly waiting: string | null;
  /** How it ended last, as in `OOMKilled`, `Error`; null where it never did. */
  readonly lastEnd: { readonly reason: string; readonly at: number | null; readonly exitCode: number | null } | null;
}

/** A pod, cut down to what decisions and people need. All names are hostile text. */
export interface Pod {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Unknown';
  /** Epoch milliseconds of its deletionTimestamp; null unless it is Terminating. */
  readonly terminatingAt: number | null;
  /** Null until it is scheduled. */
  readonly node: string | null;
  /** Every address of it; empty until the kubelet has told one. */
  readonly addresses: readonly string[];
  /** It has its node's address, and none of its own. */
  readonly hostNetwork: boolean;
  readonly createdAt: number;
  /** Null until it is scheduled. */
  readonly scheduledAt: number | null;
  /** When the kubelet took it up: no session of it is older. Null until then. */
  readonly startedAt: number | null;
  readonly ready: boolean;
  /** Since when it is ready, or is not; null where nobody says. */
  readonly readySince: number | null;
  readonly owner: PodOwner | null;
  readonly containers: readonly PodContainer[];
  /** Names of the claims that it mounts. */
  readonly claims: readonly string[];
}

/** A pod that was there and is not any more, as the watch saw it go; or one that is there with another address. */
export interface VanishedPod {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly addresses: readonly string[];
  readonly owner: PodOwner | null;
  readonly node: string | null;
  /** When it went, epoch milliseconds; where it went between two lists, when that was noticed. */
  readonly vanishedAt: number;
  /** It is still there, and has left these addresses. */
  readonly livesOn?: true;
}

export interface ClusterNode {
  readonly name: string;
  readonly uid: string;
  /** Every address that the node object tells, host names aside. */
  readonly addresses: readonly string[];
  /** `spec.podCIDRs`, or the one `spec.podCIDR`. */
  readonly podCidrs: readonly string[];
  /** Addresses inside the pod networks that belong to the node: tunnels and bridges that the CNI writes into annotations. */
  readonly tunnelAddresses: readonly string[];
  readonly ready: 'True' | 'False' | 'Unknown';
  /** Since when it is so, epoch milliseconds; null where nobody says. */
  readonly readySince: number | null;
  /** The kubelet's or the node controller's words. */
  readonly readyReason: string;
  readonly unschedulable: boolean;
  /** `key=value:effect`, as kubectl writes them. */
  readonly taints: readonly string[];
  /** As in `linode://12345`; null where there is none. */
  readonly providerId: string | null;
  /** `status.volumesInUse`: what its kubelet has mounted. */
  readonly volumesInUse: readonly string[];
}

/** All pods, terminal ones too, and all nodes, at one moment. */
export interface ClusterState {
  readonly pods: readonly Pod[];
  /** Newest last; of the last hours, and bounded. */
  readonly vanished: readonly VanishedPod[];
  readonly nodes: readonly ClusterNode[];
  /** Since when pods that vanish are noticed without a gap, and still remembered: what went before has no name. Epoch milliseconds. */
  readonly watchedSince: number;
}

/** A pod that takes no more part: its processes have ended, its address is free (a Terminating pod is not terminal). */
export function isTerminal({ phase }: Pick<Pod, 'phase'>): boolean {
  return phase === 'Succeeded' || phase === 'Failed';
}

/** The port to the pods and nodes of a cluster. Nothing here throws: what cannot be told is unseen, with the reason. */
export interface Cluster {
  /** What the watches say: no I/O. `at` is when they last proved to be alive; stale is unseen. */
  latest(): Observed<ClusterState>;
  /**
   * Pods and nodes listed anew, from the server and not from a cache. `at` is when the list was *asked for*, so what was
   * read before is older than it (product.md §6).
   */
  list(): Promise<Observed<ClusterState>>;
  /** Told after changes, a burst of them as one. Answers how to stop it. */
  onChange(listener: () => void): () => void;
}
