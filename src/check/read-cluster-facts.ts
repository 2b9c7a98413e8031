import type { Config } from '../config/config.ts';
import type { AccessReviews } from '../model/access-review.ts';
import type { BackupJobs } from '../model/backup.ts';
import type { Cluster } from '../model/cluster.ts';
import type { ClusterObjects } from '../model/workload.ts';
import { parseWorkloadReference, type WorkloadReference } from '../model/workload-reference.ts';
import { listNeededAccess } from './access-questions.ts';
import type { ClusterFacts, ManifestText } from './cluster-facts.ts';

/** The ways to the cluster that the checks need. */
export interface ClusterPorts {
  readonly cluster: Pick<Cluster, 'list'>;
  readonly objects: Pick<ClusterObjects, 'readWorkload' | 'readStorage'>;
  readonly backups: Pick<BackupJobs, 'read'>;
  readonly access: AccessReviews;
}

/** Asks for all that the configuration names, at once, and changes nothing. Never throws, as the ports do not. */
export async function readClusterFacts(
  config: Config,
  ports: ClusterPorts,
  readFile: (path: string) => Promise<ManifestText>,
): Promise<ClusterFacts> {
  const { databases } = config;
  const each = <T>(pick: (database: (typeof databases)[number]) => readonly (T | undefined)[]): readonly T[] =>
    databases.flatMap(pick).filter((item) => item !== undefined);
  const [state, access, workloads, claims, cronJobs, manifests] = await Promise.all([
    ports.cluster.list(),
    ports.access.review(listNeededAccess(config).map(({ question }) => question)),
    readAll(
      each(({ workload, dependents }) => [workload, ...dependents]),
      (ref) => ports.objects.readWorkload(ref),
    ),
    readAll(
      each(({ claim }) => [claim]),
      (ref) => ports.objects.readStorage(ref),
    ),
    readAll(
      each(({ backup }) => [backup?.cronJob]),
      (ref) => ports.backups.read(ref),
    ),
    mapOf(
      each(({ manifest }) => [manifest]),
      readFile,
    ),
  ]);
  return { state, access, workloads, claims, cronJobs, manifests };
}

function readAll<T>(
  references: readonly string[],
  read: (reference: WorkloadReference) => Promise<T>,
): Promise<ReadonlyMap<string, T>> {
  return mapOf(references, (text) => {
    const reference = parseWorkloadReference(text);
    if (reference === null) throw new Error(`the schema let ${text} pass`);
    return read(reference);
  });
}

async function mapOf<T>(keys: readonly string[], read: (key: string) => Promise<T>): Promise<ReadonlyMap<string, T>> {
  return new Map(await Promise.all([...new Set(keys)].map(async (key) => [key, await read(key)] as const)));
}
