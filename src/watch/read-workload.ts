import type { Pod } from '../model/cluster.ts';
import { type Observed, seen } from '../model/observed.ts';
import type { WatchedWorkload } from '../model/place.ts';
import type { ClusterObjects } from '../model/workload.ts';
import type { WorkloadReference } from '../model/workload-reference.ts';

/** What has to be asked for of one workload; its pods are known from the watch. */
export type WorkloadRead = Pick<WatchedWorkload, 'workload' | 'events'>;

/** A Multi-Attach is told once, and then for six minutes nothing happens (facts.md, Kubernetes, volumes 4). */
const EVENTS_OF_MS = 15 * 60_000;

/** Reads the workload, and the warnings about its pods as long as one of them is not well. Never throws. */
export async function readWorkload(
  reference: WorkloadReference,
  pods: Observed<readonly Pod[]>,
  objects: Pick<ClusterObjects, 'readWorkload' | 'readEvents'>,
  now: () => number,
): Promise<WorkloadRead> {
  const [workload, events] = await Promise.all([
    objects.readWorkload(reference),
    readWarnings(reference.namespace, pods, objects, now),
  ]);
  return { workload, events };
}

async function readWarnings(
  namespace: string,
  pods: Observed<readonly Pod[]>,
  objects: Pick<ClusterObjects, 'readEvents'>,
  now: () => number,
): Promise<WorkloadRead['events']> {
  if (!pods.ok) return pods;
  const unwell = pods.value.filter(({ ready }) => !ready).map(({ name }) => name);
  if (unwell.length === 0) return seen([], pods.at);
  const events = await objects.readEvents(namespace, unwell);
  if (!events.ok) return events;
  const since = now() - EVENTS_OF_MS;
  return seen(
    events.value.filter(({ type, at }) => type === 'Warning' && at >= since),
    events.at,
  );
}
