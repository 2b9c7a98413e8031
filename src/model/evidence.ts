import type { WorkloadReference } from './workload-reference.ts';

/** One text file of what was captured before anything was touched: secrets are out of it. */
export type EvidenceFile = {
  /** As in `deployment-postgres.yaml`, `postgres-0.previous.log`; safe as a file name. */
  readonly name: string;
  readonly text: string;
};

/** All that could be captured; what could not is listed and blocks nothing (product.md §7). */
export type Evidence = {
  readonly files: readonly EvidenceFile[];
  /** In words: what, and why not. */
  readonly gaps: readonly string[];
};

/** What is captured of one database. */
export interface EvidenceScope {
  readonly workload: WorkloadReference;
  readonly claim: WorkloadReference | null;
}

/** The port that captures what the cluster knows of a database. Nothing throws; values of Secrets are never read. */
export interface ClusterEvidence {
  /**
   * Workload, ReplicaSets, Services that select its pods, claim, volume, VolumeAttachments, pods, their node, events, current
   * and previous logs. Ends within `withinMs`, with what it has by then.
   */
  capture(scope: EvidenceScope, withinMs: number): Promise<Evidence>;
}
