import type { Workload } from '../model/workload.ts';

/** Those that have not all of their pods ready, and those that are still held. Pure. */
export function findUnhealthy(workloads: readonly Workload[]): readonly Workload[] {
  return workloads.filter(
    ({ desired, ready, heldReplicas }) => ready < desired || (desired === 0 && heldReplicas !== null),
  );
}
