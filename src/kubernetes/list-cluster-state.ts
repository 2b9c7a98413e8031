import type { Clock } from '../model/clock.ts';
import type { ClusterNode, ClusterState } from '../model/cluster.ts';
import type { Log } from '../model/log.ts';
import { ApiError } from './api-error.ts';
import type { KubernetesClient } from './client.ts';
import { listAll } from './list-all.ts';
import { type PodCache, toVanished, withOwner } from './pod-cache.ts';
import type { ReplicaSetOwners } from './replica-set-owners.ts';
import type { TrimmedPod } from './trim-pod.ts';

export const PODS = '/api/v1/pods';
export const NODES = '/api/v1/nodes';
/** A person waits for a list; without the revision it is still right. */
const OWNERS_WITHIN_MS = 3_000;

/** All pods and nodes from the server's store; what vanished the cache tells. Rejects with ApiError, or ZodError. */
export async function listClusterState(parts: {
  readonly client: KubernetesClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly podCache: PodCache;
  readonly owners: ReplicaSetOwners;
  readonly parsePod: (object: unknown) => TrimmedPod;
  readonly parseNode: (object: unknown) => ClusterNode;
}): Promise<ClusterState> {
  const { client, clock, log, podCache, owners, parsePod, parseNode } = parts;
  const askedAt = clock.now();
  const before = podCache.pods();
  const [podList, nodeList] = await Promise.all([
    listAll(client, clock, { path: PODS, parse: parsePod }),
    listAll(client, clock, { path: NODES, parse: parseNode }),
  ]);
  const asked = podList.items.flatMap(({ replicaSet }) => replicaSet ?? []);
  try {
    await owners.learn(new Set([...asked, ...podCache.replicaSets()]), OWNERS_WITHIN_MS);
    podCache.applyOwners(owners.known());
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    log.info({ fault: error.message }, 'the ReplicaSets could not be listed: pods are shown without their revision');
  }
  const now = clock.now();
  const fresh = podList.items.map((entry) => withOwner(entry, owners.known()).pod);
  const uids = new Set(fresh.map(({ uid }) => uid));
  const vanished = podCache.vanished(now);
  const named = new Set(vanished.filter(({ livesOn }) => livesOn !== true).map(({ uid }) => uid));
  // The watch may be behind: what it knew before we asked, and is not in the list, went.
  const missed = before.filter(({ uid }) => !uids.has(uid) && !named.has(uid)).map((pod) => toVanished(pod, now));
  return {
    pods: fresh,
    vanished: [...vanished, ...missed],
    nodes: nodeList.items,
    watchedSince: podCache.watchedSince(now) ?? askedAt,
  };
}
