import type { BackupJobs } from '../model/backup.ts';
import type { Clock } from '../model/clock.ts';
import type { Cluster, ClusterState } from '../model/cluster.ts';
import type { ClusterInventory } from '../model/cluster-inventory.ts';
import { type Observed, seen, unseen } from '../model/observed.ts';
import { podsOf } from '../model/pods-of.ts';
import type { ClusterEvent, ClusterObjects } from '../model/workload.ts';
import {
  formatWorkloadReference,
  parseWorkloadReference,
  type WorkloadReference,
} from '../model/workload-reference.ts';
import type { RecoveryFacts, RecoverySettings, SeenWorkload } from '../recovery/facts.ts';

/** The cluster as a recovery reads it. */
export interface RecoveryCluster {
  readonly cluster: Pick<Cluster, 'list'>;
  readonly objects: ClusterObjects;
  readonly inventory: Pick<ClusterInventory, 'listWorkloads' | 'listScalers'>;
  readonly backups: Pick<BackupJobs, 'read'>;
}

/** The answer, or that it came too late. */
export type InTime = <T>(answer: Promise<Observed<T>>) => Promise<Observed<T>>;

/** What of the facts the cluster tells. */
type OfCluster = Omit<RecoveryFacts, 'settings' | 'at' | 'snapshot' | 'forecast' | 'sessions' | 'roles' | 'orphans'>;

/** Each read by itself, side by side; of what is not configured nobody is asked. */
export async function readRecoveryCluster(
  kubernetes: RecoveryCluster | null,
  settings: RecoverySettings,
  { inTime, clock }: { readonly inTime: InTime; readonly clock: Pick<Clock, 'now'> },
): Promise<OfCluster> {
  const { workload, claim, dependents, backup, applications } = settings;
  const ofApplications = distinct(applications.flatMap((each) => parseWorkloadReference(each.workload ?? '') ?? []));
  if (kubernetes === null) {
    const lack = unseen('no cluster is configured', clock.now());
    const unasked = (reference: WorkloadReference): SeenWorkload => ({ reference, workload: lack });
    return { ...NO_CLUSTER, dependents: dependents.map(unasked), applicationWorkloads: ofApplications.map(unasked) };
  }
  const { cluster, objects, inventory, backups } = kubernetes;
  const all = distinct([...(workload === null ? [] : [workload]), ...dependents, ...ofApplications]);
  const reads = new Map(all.map((each) => [formatWorkloadReference(each), inTime(objects.readWorkload(each))]));
  const namespaces = [...new Set(all.map(({ namespace }) => namespace))];
  const listing = cluster.list();
  const lookUp = async (reference: WorkloadReference): Promise<SeenWorkload> => ({
    reference,
    workload: await (reads.get(formatWorkloadReference(reference)) ?? unseen('not asked for', clock.now())),
  });
  const lists = async <T>(list: (namespace: string) => Promise<Observed<readonly T[]>>) =>
    namespaces.length === 0
      ? null
      : joinLists(await Promise.all(namespaces.map((each) => inTime(list(each)))), namespaces, clock);
  const [state, own, others, ofApps, neighbours, scalers, storage, events, found] = await Promise.all([
    inTime(listing),
    workload && lookUp(workload),
    Promise.all(dependents.map(lookUp)),
    Promise.all(ofApplications.map(lookUp)),
    lists((namespace) => inventory.listWorkloads(namespace)),
    lists((namespace) => inventory.listScalers(namespace)),
    claim && inTime(objects.readStorage(claim)),
    workload && inTime(listing.then((pods) => readEvents(pods, workload, objects))),
    backup && inTime(backups.read(backup.cronJob)),
  ]);
  return {
    cluster: state,
    workload: own,
    dependents: others,
    applicationWorkloads: ofApps,
    neighbours,
    scalers,
    storage,
    events,
    backups: found,
  };
}

const NO_CLUSTER = {
  cluster: null,
  workload: null,
  neighbours: null,
  scalers: null,
  storage: null,
  events: null,
  backups: null,
} as const;

async function readEvents(
  listed: Observed<ClusterState>,
  workload: WorkloadReference,
  objects: Pick<ClusterObjects, 'readEvents'>,
): Promise<Observed<readonly ClusterEvent[]>> {
  if (!listed.ok) return listed;
  const names = podsOf(workload, listed.value).map(({ name }) => name);
  if (names.length === 0) return seen([], listed.at);
  const events = await objects.readEvents(workload.namespace, names);
  return events.ok
    ? seen(
        events.value.filter(({ type }) => type === 'Warning'),
        events.at,
      )
    : events;
}

/** Of several namespaces; where one is not seen, nobody can say that all are well. */
function joinLists<T>(
  lists: readonly Observed<readonly T[]>[],
  namespaces: readonly string[],
  clock: Pick<Clock, 'now'>,
): Observed<readonly T[]> {
  const values: T[] = [];
  for (const [index, list] of lists.entries()) {
    if (!list.ok) return unseen(`of namespace ${namespaces[index]}: ${list.reason}`, list.at);
    values.push(...list.value);
  }
  return seen(values, clock.now());
}

function distinct(references: readonly WorkloadReference[]): readonly WorkloadReference[] {
  return [...new Map(references.map((each) => [formatWorkloadReference(each), each])).values()];
}
