import type { Clock } from '../model/clock.ts';
import type { Cluster, ClusterNode, ClusterState } from '../model/cluster.ts';
import type { Log } from '../model/log.ts';
import { type Observed, seen, unseen } from '../model/observed.ts';
import type { SourceState } from '../model/source-state.ts';
import type { KubernetesClient } from './client.ts';
import { createInterner } from './interner.ts';
import { joinNext } from './join-next.ts';
import { listClusterState, NODES, PODS } from './list-cluster-state.ts';
import { createNodeCache } from './node-cache.ts';
import type { Observe } from './observe.ts';
import { createPodCache } from './pod-cache.ts';
import { createReplicaSetOwners } from './replica-set-owners.ts';
import { trimNode } from './trim-node.ts';
import { trimPod } from './trim-pod.ts';
import { watchResource } from './watch-resource.ts';

export interface WatchedCluster extends Cluster {
  /** Why nothing new is seen, `latest` being unseen only some time after; null while it is. */
  blind(): SourceState['blind'];
  close(): Promise<void>;
}

/** A rollout changes dozens of pods within a second. */
const BURST_MS = 100;
/** Between two questions about ReplicaSets that are new, or that could not be asked about. */
const OWNERS_EVERY_MS = 5_000;

/** Needs `list` and `watch` on pods and nodes, and `list` on replicasets, in the whole cluster. */
export function createCluster(parts: {
  readonly client: KubernetesClient;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  readonly observe: Observe;
}): WatchedCluster {
  const { client, clock, random, log, observe } = parts;
  const intern = createInterner();
  const podCache = createPodCache();
  const nodeCache = createNodeCache();
  const owners = createReplicaSetOwners(client, clock, intern);
  const listeners = new Set<() => void>();
  const closing = new AbortController();
  const { signal } = closing;
  const parsePod = (object: unknown) => trimPod(object, intern);
  const parseNode = (object: unknown) => trimNode(object, intern);
  const background = new Set<Promise<void>>();
  let telling = false;
  let learning = false;

  function inBackground(act: () => Promise<void>): void {
    const running = act().finally(() => background.delete(running));
    background.add(running);
  }

  function onChanged(changed: boolean): void {
    if (!changed || telling) return;
    telling = true;
    inBackground(async () => {
      await clock.sleep(BURST_MS, signal);
      telling = false;
      if (signal.aborted) return;
      tell();
      // A rollout's pods come one by one: its ReplicaSet is asked about once.
      if (!learning && wantsOwners()) inBackground(learnOwners);
    });
  }

  function tell(): void {
    for (const listener of listeners) listener();
  }

  function wantsOwners(): boolean {
    const known = owners.known();
    return !podCache
      .replicaSets()
      .values()
      .every((uid) => known.has(uid));
  }

  async function learnOwners(): Promise<void> {
    learning = true;
    try {
      await owners.learn(podCache.replicaSets());
      podCache.applyOwners(owners.known());
      onChanged(true);
    } catch (error) {
      log.info({ err: error }, 'the ReplicaSets could not be listed: pods are shown without their revision');
    }
    await clock.sleep(OWNERS_EVERY_MS, signal);
    learning = false;
  }

  const watching = { client, clock, random, log };
  const pods = watchResource({
    ...watching,
    what: 'pods',
    path: PODS,
    parse: parsePod,
    sink: {
      replace: (items, askedAt) => onChanged(podCache.replace(items, askedAt, clock.now())),
      put: (pod) => onChanged(podCache.put(pod, clock.now())),
      remove: (pod) => onChanged(podCache.remove(pod, clock.now())),
    },
  });
  const nodes = watchResource<ClusterNode>({
    ...watching,
    what: 'nodes',
    path: NODES,
    parse: parseNode,
    sink: {
      replace: (items) => onChanged(nodeCache.replace(items)),
      put: (node) => onChanged(nodeCache.put(node)),
      remove: (node) => onChanged(nodeCache.remove(node)),
    },
  });
  const stale = (): SourceState['blind'] => pods.blind() ?? nodes.blind();

  const listState = () => listClusterState({ client, clock, log, podCache, owners, parsePod, parseNode });
  const list = joinNext(() => observe(listState));

  return {
    latest(): Observed<ClusterState> {
      const now = clock.now();
      const fault = stale();
      const since = podCache.watchedSince(now);
      const aliveAt = Math.min(pods.aliveAt() ?? now, nodes.aliveAt() ?? now);
      if (fault) return unseen(fault.reason, now);
      if (since === null) return unseen('The pods of the cluster have not been listed yet.', now);
      return seen(
        { pods: podCache.pods(), vanished: podCache.vanished(now), nodes: nodeCache.nodes(), watchedSince: since },
        aliveAt,
      );
    },
    list,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    blind: () => stale() ?? pods.faulty() ?? nodes.faulty(),
    async close() {
      closing.abort();
      await Promise.all([pods.close(), nodes.close()]);
      await Promise.all(background);
    },
  };
}
