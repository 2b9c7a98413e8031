import type { Cluster, ClusterNode, ClusterState, Pod, PodOwner, VanishedPod } from '../../src/model/cluster.ts';
import { type Observed, seen } from '../../src/model/observed.ts';
import type { ClusterLook } from '../../src/model/orphan.ts';
import { NOW } from './builders.ts';

const HOUR = 3_600_000;

export const SITE: PodOwner = { kind: 'Deployment', name: 'site', revision: '42' };

/** A pod of site that has been running for three hours; state what matters. */
export function pod(parts: Partial<Pod> = {}): Pod {
  const { name = 'site-7a-x2x4z' } = parts;
  return {
    namespace: 'default',
    name,
    uid: `uid-${name}`,
    phase: 'Running',
    terminatingAt: null,
    node: 'node-1',
    addresses: ['10.2.0.6'],
    hostNetwork: false,
    createdAt: NOW - 3 * HOUR,
    scheduledAt: NOW - 3 * HOUR,
    startedAt: NOW - 3 * HOUR,
    ready: true,
    readySince: NOW - 3 * HOUR,
    owner: SITE,
    containers: [],
    claims: [],
    ...parts,
  };
}

/** A pod of site that went 38 minutes ago, from the address that builders give to sessions. */
export function vanishedPod(parts: Partial<VanishedPod> = {}): VanishedPod {
  const { name = 'site-6f-q8w7e' } = parts;
  return {
    namespace: 'default',
    name,
    uid: `uid-${name}`,
    addresses: ['10.2.0.5'],
    owner: { ...SITE, revision: '41' },
    node: 'node-1',
    vanishedAt: NOW - 38 * 60_000,
    ...parts,
  };
}

export function node(parts: Partial<ClusterNode> = {}): ClusterNode {
  return {
    name: 'node-1',
    uid: 'uid-node-1',
    addresses: ['192.168.0.1'],
    podCidrs: ['10.2.0.0/24'],
    tunnelAddresses: ['10.2.0.200/32'],
    ready: 'True',
    readySince: NOW - 3 * HOUR,
    readyReason: 'KubeletReady',
    unschedulable: false,
    taints: [],
    providerId: null,
    volumesInUse: [],
    ...parts,
  };
}

/** One living pod, and one that has vanished. */
export function clusterState(parts: Partial<ClusterState> = {}): ClusterState {
  return { pods: [pod()], vanished: [vanishedPod()], nodes: [node()], watchedSince: NOW - HOUR, ...parts };
}

export function clusterLook(state: Partial<ClusterState> = {}, parts: Partial<ClusterLook> = {}): ClusterLook {
  return { state: seen(clusterState(state), NOW), podCidrs: ['10.2.0.0/16'], excludeAddresses: [], ...parts };
}

/** Answers each list with what `state` gives then. */
export function createFakeCluster(state: () => Observed<ClusterState> | Promise<Observed<ClusterState>>): Cluster {
  return { latest: () => seen(clusterState(), NOW), list: async () => state(), onChange: () => () => {} };
}
