import type { ClusterPlace, WatchedWorkload } from '../../model/place.ts';
import { formatWorkloadReference } from '../../model/workload-reference.ts';
import { type Metric, metric } from './metric-table.ts';
import { toSeconds } from './to-seconds.ts';

/** What is told of the cluster under one database. What is unknown tells nothing. */
export function describePlace(database: string, place: ClusterPlace): readonly Metric[] {
  const { orphans, workload, dependents, node, backups } = place;
  const lastSuccessAt = backups?.found.ok ? (backups.found.value?.lastSuccessAt ?? null) : null;
  return [
    ...(orphans?.ok ? [metric('breakwater_orphaned_sessions', { database }, orphans.value.count)] : []),
    ...(workload === null ? dependents : [workload, ...dependents]).flatMap((each) => describePods(database, each)),
    ...(node?.ok && node.value !== null
      ? [metric('breakwater_node_ready', { database, node: node.value.name }, Number(node.value.ready === 'True'))]
      : []),
    ...(lastSuccessAt === null
      ? []
      : [metric('breakwater_backup_last_success_timestamp_seconds', { database }, toSeconds(lastSuccessAt))]),
  ];
}

function describePods(database: string, { reference, workload, pods }: WatchedWorkload): readonly Metric[] {
  const labels = { database, workload: formatWorkloadReference(reference) };
  const ready = pods.ok && pods.value.filter((pod) => pod.ready && pod.terminatingAt === null).length;
  return [
    ...(workload.ok && workload.value !== null
      ? [metric('breakwater_workload_pods_desired', labels, workload.value.desired)]
      : []),
    ...(ready === false ? [] : [metric('breakwater_workload_pods_ready', labels, ready)]),
  ];
}
