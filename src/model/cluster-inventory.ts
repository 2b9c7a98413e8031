import type { Observed } from './observed.ts';
import type { Workload } from './workload.ts';
import type { WorkloadReference } from './workload-reference.ts';

/** Something that sets replicas by itself, and would undo a hold. */
export interface Scaler {
  readonly name: string;
  readonly namespace: string;
  readonly target: WorkloadReference;
}

/** Reads of the cluster that only a recovery makes. Nothing throws. */
export interface ClusterInventory {
  /** Every Deployment and StatefulSet of a namespace: after a recovery each is looked at (product.md §1, the Redis lesson). */
  listWorkloads(namespace: string): Promise<Observed<readonly Workload[]>>;
  /** HorizontalPodAutoscalers of a namespace. */
  listScalers(namespace: string): Promise<Observed<readonly Scaler[]>>;
  /**
   * When the kubelet of a node renewed its Lease last (`kube-node-lease/<node>`), by the node's clock, epoch milliseconds;
   * `value` null: there is no Lease, or it was never renewed.
   */
  readNodeLease(node: string): Promise<Observed<number | null>>;
}
