import type { Observed } from './observed.ts';
import type { WorkloadReference } from './workload-reference.ts';

/** A Deployment or a StatefulSet, cut down to what decisions and people need. */
export interface Workload {
  readonly reference: WorkloadReference;
  readonly uid: string;
  readonly resourceVersion: string;
  /** `spec.replicas`. */
  readonly desired: number;
  readonly ready: number;
  /** `Recreate`, `RollingUpdate`, `OnDelete`. */
  readonly strategy: string;
  /** The newest rollout; null where nobody says. */
  readonly revision: string | null;
  readonly images: readonly string[];
  /** Labels its pods bear; all must match. */
  readonly selector: Readonly<Record<string, string>>;
  /** The claims that its pod template mounts by name. */
  readonly claims: readonly string[];
  /** What manages it, from its ownerReferences and labels: an operator, Argo CD, Flux, Helm; empty when nothing says so. */
  readonly managers: readonly string[];
  readonly paused: boolean;
  /** What the annotation `breakwater.dev/held-replicas` says: how many it had before it was held; `unreadable`: something else stands there. */
  readonly heldReplicas: number | 'unreadable' | null;
  /** How many pods a rollout may have beyond `desired` for a while: maxSurge, percentages rounded up (facts.md, Kubernetes 3). */
  readonly surge: number;
  readonly rollout: {
    /** The controller has seen the newest change of the object. */
    readonly observed: boolean;
    /** Pods of the newest rollout. */
    readonly updated: number;
    /** All pods that it still has, but for those that are Terminating. */
    readonly total: number;
    readonly available: number;
    /** The template's annotation `kubectl.kubernetes.io/restartedAt`. */
    readonly restartedAt: string | null;
  };
}

/** What the cluster says about something that it tried: newest last. Hostile text. */
export interface ClusterEvent {
  readonly at: number;
  readonly type: string;
  /** As in `FailedMount`, `FailedAttachVolume`, `BackOff`. */
  readonly reason: string;
  readonly message: string;
  /** `Pod/site-6f…`. */
  readonly about: string;
  readonly count: number;
}

/** A claim, its volume, and where it is attached. */
export interface Storage {
  readonly claim: { readonly reference: WorkloadReference; readonly phase: string; readonly sizeText: string | null };
  /** Null while the claim is not bound. */
  readonly volume: {
    readonly name: string;
    /** `Delete`, `Retain`. */
    readonly reclaimPolicy: string;
    readonly storageClass: string | null;
    readonly accessModes: readonly string[];
    /** CSI's volumeHandle; null for another kind of volume. */
    readonly handle: string | null;
    readonly driver: string | null;
  } | null;
  readonly attachments: readonly {
    readonly name: string;
    readonly node: string;
    readonly attached: boolean;
    /** It is on its way out, and something holds it. */
    readonly detaching: boolean;
    readonly error: string | null;
  }[];
}

/** Reads single objects when they are asked for. `value` null: there is no such object. Nothing throws. */
export interface ClusterObjects {
  readWorkload(reference: WorkloadReference): Promise<Observed<Workload | null>>;
  readStorage(claim: WorkloadReference): Promise<Observed<Storage | null>>;
  /** Events of the objects of these names in one namespace, of the last hour at most (that long Kubernetes keeps them). */
  readEvents(namespace: string, names: readonly string[]): Promise<Observed<readonly ClusterEvent[]>>;
}
