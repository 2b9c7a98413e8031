import type { BackupJobs, Backups } from '../model/backup.ts';
import type { Clock } from '../model/clock.ts';
import type { Cluster, Pod } from '../model/cluster.ts';
import { type Observed, seen, unseen } from '../model/observed.ts';
import type { OrphanReport } from '../model/orphan.ts';
import type { ClusterPlace, WatchedWorkload } from '../model/place.ts';
import { nodeUnder, podsOf } from '../model/pods-of.ts';
import type { ClusterObjects } from '../model/workload.ts';
import { formatWorkloadReference, type WorkloadReference } from '../model/workload-reference.ts';
import { keepDoing } from './keep-doing.ts';
import { readWorkload, type WorkloadRead } from './read-workload.ts';

/** What the configuration says of where a database runs; what is null nobody asks for. */
export interface PlaceConfig {
  readonly workload: WorkloadReference | null;
  readonly claim: WorkloadReference | null;
  readonly dependents: readonly WorkloadReference[];
  readonly backup: { readonly cronJob: WorkloadReference; readonly maxAgeMs: number } | null;
}

/** Keeps what the cluster tells about one database. */
export interface PlaceWatch {
  /** As it is known now; free of I/O. What could not be read is unseen. */
  latest(): ClusterPlace;
  stop(): Promise<void>;
}

const CALM_MS = 15_000;
/** A rollout changes pods many times a second. */
const NEWS_MS = 2_000;
const BACKUPS_MS = 60_000;

export function watchPlace(options: {
  readonly config: PlaceConfig;
  readonly cluster: Cluster;
  readonly objects: ClusterObjects;
  readonly backups: BackupJobs;
  /** What is known of sessions that nobody owns; null where nobody looks for them. */
  readonly orphans: { latest(): Observed<OrphanReport> } | null;
  readonly clock: Clock;
  /** Pods changed, or something was read. */
  readonly onChange: () => void;
}): PlaceWatch {
  const { config, cluster, objects, orphans, clock } = options;
  const { workload, claim, dependents, backup } = config;
  const references = workload === null ? dependents : [workload, ...dependents];
  const notYet = unseen('not read yet', clock.now());
  const reads = new Map<string, WorkloadRead>();
  let storage: NonNullable<ClusterPlace['storage']> = notYet;
  let found: Observed<Backups | null> = notYet;
  let podsBefore = printPods();
  let news = false;
  let stopped = false;

  const reading = keepDoing(clock, {
    act: async () => {
      news = false;
      await Promise.all([...references.map(readOne), readStorage()]);
      tell();
    },
    restMs: () => (news ? NEWS_MS : CALM_MS),
  });
  const readingBackups =
    backup &&
    keepDoing(clock, {
      act: async () => {
        found = await options.backups.read(backup.cronJob);
        tell();
      },
      restMs: () => (found.ok && found.value?.jobs.some(({ state }) => state === 'running') ? CALM_MS : BACKUPS_MS),
    });

  const unfollow = cluster.onChange(() => {
    const podsNow = printPods();
    if (podsNow !== podsBefore) {
      news = true;
      reading.reconsider();
    }
    podsBefore = podsNow;
    tell();
  });

  async function readOne(reference: WorkloadReference): Promise<void> {
    const read = await readWorkload(reference, podsNowOf(reference), objects, () => clock.now());
    reads.set(formatWorkloadReference(reference), read);
  }

  async function readStorage(): Promise<void> {
    if (claim !== null) storage = await objects.readStorage(claim);
  }

  function podsNowOf(reference: WorkloadReference): Observed<readonly Pod[]> {
    const state = cluster.latest();
    return state.ok ? seen(podsOf(reference, state.value), state.at) : state;
  }

  /** To tell news from what is none. */
  function printPods(): string {
    const all = references.map(podsNowOf);
    return JSON.stringify(all.map((pods) => (pods.ok ? pods.value : null)));
  }

  function show(reference: WorkloadReference, role: WatchedWorkload['role']): WatchedWorkload {
    const read = reads.get(formatWorkloadReference(reference)) ?? { workload: notYet, events: notYet };
    return { reference, role, ...read, pods: podsNowOf(reference) };
  }

  function findNode(reference: WorkloadReference): NonNullable<ClusterPlace['node']> {
    const state = cluster.latest();
    return state.ok ? nodeUnder(podsOf(reference, state.value), state.value, state.at) : state;
  }

  function tell(): void {
    if (!stopped) options.onChange();
  }

  return {
    latest: () => ({
      workload: workload && show(workload, 'database'),
      dependents: dependents.map((reference) => show(reference, 'dependent')),
      node: workload && findNode(workload),
      storage: claim && storage,
      backups: backup && { found, maxAgeMs: backup.maxAgeMs },
      orphans: orphans?.latest() ?? null,
    }),
    async stop() {
      stopped = true;
      unfollow();
      await Promise.all([reading.stop(), readingBackups?.stop()]);
    },
  };
}
