import type { BackupJobs, Backups } from '../../src/model/backup.ts';
import type { Cluster, ClusterState } from '../../src/model/cluster.ts';
import { type Observed, seen } from '../../src/model/observed.ts';
import type { ClusterEvent, ClusterObjects, Storage, Workload } from '../../src/model/workload.ts';
import { formatWorkloadReference } from '../../src/model/workload-reference.ts';
import { NOW } from './builders.ts';
import { backups, clusterState, storage, workload } from './place-builders.ts';

/** A cluster that says what the test lets it say, and remembers what it was asked. */
export interface FakeCluster {
  readonly cluster: Cluster;
  readonly objects: ClusterObjects;
  readonly backupJobs: BackupJobs;
  /** As in `workload default/deployment/site`, `events postgres-1`, `list`. */
  readonly asked: string[];
  readonly now: {
    state: Observed<ClusterState>;
    list: Observed<ClusterState>;
    workload: Observed<Workload | null>;
    storage: Observed<Storage | null>;
    events: Observed<readonly ClusterEvent[]>;
    backups: Observed<Backups | null>;
  };
  /** The watches bring a new state. */
  readonly change: (state: Observed<ClusterState>) => void;
  /** How many listen. */
  readonly listeners: () => number;
}

export function createFakeCluster(): FakeCluster {
  const asked: string[] = [];
  const listeners = new Set<() => void>();
  const now: FakeCluster['now'] = {
    state: seen(clusterState(), NOW),
    list: seen(clusterState(), NOW),
    workload: seen(workload(), NOW),
    storage: seen(storage(), NOW),
    events: seen([], NOW),
    backups: seen(backups(), NOW),
  };
  return {
    asked,
    now,
    cluster: {
      latest: () => now.state,
      async list() {
        asked.push('list');
        return now.list;
      },
      onChange(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    objects: {
      async readWorkload(reference) {
        asked.push(`workload ${formatWorkloadReference(reference)}`);
        return now.workload;
      },
      async readStorage() {
        asked.push('storage');
        return now.storage;
      },
      async readEvents(_, names) {
        asked.push(`events ${names.join(' ')}`);
        return now.events;
      },
    },
    backupJobs: {
      async read() {
        asked.push('backups');
        return now.backups;
      },
      start: async () => ({ kind: 'refused', reason: 'a fake starts nothing' }),
    },
    change(state) {
      now.state = state;
      for (const listener of listeners) listener();
    },
    listeners: () => listeners.size,
  };
}
