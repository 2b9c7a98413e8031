import type { ClusterView } from '../../src/alerts/rule.ts';
import type { BackupJob, Backups } from '../../src/model/backup.ts';
import type { ClusterNode, ClusterState, Pod, PodContainer, VanishedPod } from '../../src/model/cluster.ts';
import { seen } from '../../src/model/observed.ts';
import type { OrphanGroup, OrphanReport } from '../../src/model/orphan.ts';
import type { ClusterPlace, WatchedWorkload } from '../../src/model/place.ts';
import type { ClusterEvent, Storage, Workload } from '../../src/model/workload.ts';
import type { WorkloadReference } from '../../src/model/workload-reference.ts';
import { NOW } from './builders.ts';

/** The cluster of 2020-12-11 as it should have been; only what matters is said. */

const HOUR_MS = 3_600_000;
export const POSTGRES: WorkloadReference = { namespace: 'default', kind: 'deployment', name: 'postgres' };
export const SITE: WorkloadReference = { namespace: 'default', kind: 'deployment', name: 'site' };
export const CLAIM: WorkloadReference = {
  namespace: 'default',
  kind: 'persistentvolumeclaim',
  name: 'postgres-storage',
};
export const CRON_JOB: WorkloadReference = { namespace: 'default', kind: 'cronjob', name: 'backup' };

export function container(parts: Partial<PodContainer> = {}): PodContainer {
  return { name: 'main', image: 'x:1', ready: true, restarts: 0, waiting: null, lastEnd: null, ...parts };
}

/** A pod of the Deployment `owned`, which has been ready for an hour. */
export function pod(owned: string, parts: Partial<Pod> = {}): Pod {
  const name = parts.name ?? `${owned}-6f7d-abcde`;
  return {
    namespace: 'default',
    name,
    uid: `uid-${name}`,
    phase: 'Running',
    terminatingAt: null,
    node: 'node-1',
    addresses: ['10.2.0.5'],
    hostNetwork: false,
    createdAt: NOW - HOUR_MS,
    scheduledAt: NOW - HOUR_MS,
    startedAt: NOW - HOUR_MS,
    ready: true,
    readySince: NOW - HOUR_MS,
    owner: { kind: 'Deployment', name: owned, revision: '12' },
    containers: [container()],
    claims: [],
    ...parts,
  };
}

export function node(parts: Partial<ClusterNode> = {}): ClusterNode {
  return {
    name: 'node-1',
    uid: 'uid-node-1',
    addresses: ['192.168.1.1'],
    podCidrs: ['10.2.0.0/24'],
    tunnelAddresses: [],
    ready: 'True',
    readySince: NOW - 24 * HOUR_MS,
    readyReason: '',
    unschedulable: false,
    taints: [],
    providerId: null,
    volumesInUse: [],
    ...parts,
  };
}

export function clusterState(parts: Partial<ClusterState> = {}): ClusterState {
  return { pods: [], vanished: [], nodes: [node()], watchedSince: NOW - 24 * HOUR_MS, ...parts };
}

export function workload(reference: WorkloadReference = POSTGRES, parts: Partial<Workload> = {}): Workload {
  return {
    reference,
    uid: `uid-${reference.name}`,
    resourceVersion: '1',
    desired: 1,
    ready: 1,
    strategy: 'Recreate',
    revision: '12',
    images: ['x:1'],
    selector: {},
    claims: [],
    managers: [],
    paused: false,
    heldReplicas: null,
    surge: 1,
    rollout: { observed: true, updated: 1, total: 1, available: 1, restartedAt: null },
    ...parts,
  };
}

/** PostgreSQL's workload, well. */
export function watched(
  pods: readonly Pod[] = [pod('postgres')],
  parts: Partial<WatchedWorkload> = {},
): WatchedWorkload {
  const reference = parts.reference ?? POSTGRES;
  return {
    reference,
    role: 'database',
    workload: seen(workload(reference), NOW),
    pods: seen(pods, NOW),
    events: seen([], NOW),
    ...parts,
  };
}

export function clusterEvent(parts: Partial<ClusterEvent> = {}): ClusterEvent {
  return {
    at: NOW - 30_000,
    type: 'Warning',
    reason: 'FailedMount',
    message: 'no such device',
    about: 'Pod/postgres-6f7d-abcde',
    count: 1,
    ...parts,
  };
}

export function storage(parts: Partial<Storage> = {}): Storage {
  return {
    claim: { reference: CLAIM, phase: 'Bound', sizeText: '10Gi' },
    volume: {
      name: 'pvc-123',
      reclaimPolicy: 'Retain',
      storageClass: 'linode-block-storage-retain',
      accessModes: ['ReadWriteOnce'],
      handle: '123-pvc',
      driver: 'linodebs.csi.linode.com',
    },
    attachments: [{ name: 'csi-1', node: 'node-1', attached: true, detaching: false, error: null }],
    ...parts,
  };
}

export function backupJob(parts: Partial<BackupJob> = {}): BackupJob {
  return {
    name: 'backup-1',
    uid: 'uid-backup-1',
    state: 'succeeded',
    createdAt: NOW - HOUR_MS,
    startedAt: NOW - HOUR_MS,
    endedAt: NOW - HOUR_MS + 60_000,
    manual: false,
    reason: null,
    sizeBytes: null,
    lastLines: [],
    ...parts,
  };
}

export function backups(parts: Partial<Backups> = {}): Backups {
  return {
    cronJob: CRON_JOB,
    schedule: '0 3 * * *',
    suspended: false,
    lastSuccessAt: NOW - HOUR_MS,
    jobs: [backupJob()],
    ...parts,
  };
}

export function vanishedPod(parts: Partial<VanishedPod> = {}): VanishedPod {
  return {
    namespace: 'default',
    name: 'site-5c1a-old',
    uid: 'uid-old',
    addresses: ['10.2.0.66'],
    owner: { kind: 'Deployment', name: 'site', revision: '11' },
    node: 'node-1',
    vanishedAt: NOW - 2 * HOUR_MS,
    ...parts,
  };
}

export function orphanGroup(parts: Partial<OrphanGroup> = {}): OrphanGroup {
  const count = parts.count ?? 31;
  return {
    address: '10.2.0.66',
    pod: vanishedPod(),
    applications: [{ name: 'site', count }],
    count,
    oldestMs: 3 * HOUR_MS,
    ...parts,
  };
}

export function orphanReport(groups: readonly OrphanGroup[], parts: Partial<OrphanReport> = {}): OrphanReport {
  const count = groups.reduce((sum, group) => sum + group.count, 0);
  return { groups, count, unknown: 0, reused: 0, watchedSince: NOW - 24 * HOUR_MS, ...parts };
}

/** All of it is well, and all of it is configured. */
export function place(parts: Partial<ClusterPlace> = {}): ClusterPlace {
  const site = watched([pod('site')], { reference: SITE, role: 'dependent' });
  return {
    workload: watched(),
    dependents: [site],
    node: seen(node(), NOW),
    storage: seen(storage(), NOW),
    backups: { found: seen(backups(), NOW), maxAgeMs: 26 * HOUR_MS },
    orphans: seen(orphanReport([]), NOW),
    ...parts,
  };
}

export function clusterView(parts: Partial<ClusterPlace> = {}, view: Partial<ClusterView> = {}): ClusterView {
  return { database: 'main', place: place(parts), applications: [], now: NOW, ...view };
}
