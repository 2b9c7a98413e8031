import { type ClusterNode, type ClusterState, isTerminal, type Pod, type VanishedPod } from './cluster.ts';
import { firstTwo, readAddress, readNetwork } from './ip-networks.ts';
import type { ClusterLook } from './orphan.ts';

/** A look at the cluster arranged for asking whose an address is, once for thousands of sessions. Addresses as `readAddress` gives them. */
export interface ClusterIndex {
  /** When the pods were asked for, epoch milliseconds. */
  readonly at: number;
  /** Why no session's owner can be told from this look at all, as a sentence; null: it can. Hostile text. */
  readonly doubt: string | null;
  readonly networks: readonly string[];
  /** Addresses that are no pod's, with whose they are. */
  readonly places: ReadonlyMap<string, string>;
  /** Pods that live, Terminating ones too. */
  readonly living: ReadonlyMap<string, readonly Pod[]>;
  /** Pods whose processes have ended, and which are still listed. */
  readonly ended: ReadonlyMap<string, readonly Pod[]>;
  /** In the order in which they went. */
  readonly vanished: ReadonlyMap<string, readonly VanishedPod[]>;
  /** The pod that waits longest for an address: it may own any session that began since. */
  readonly unaddressed: { readonly pod: Pod; readonly since: number } | null;
  readonly watchedSince: number;
  /** Names of nodes that are not Ready: what runs on them nobody could stop. */
  readonly unreadyNodes: ReadonlySet<string>;
}

/** Arranges a look: product.md §6. Pure. */
export function indexCluster({ state, podCidrs, excludeAddresses }: ClusterLook): ClusterIndex {
  if (!state.ok) return { ...NOTHING, at: state.at, doubt: `the pods are not seen: ${state.reason}` };
  const { pods, nodes, vanished, watchedSince } = state.value;
  const networks = podCidrs.map(readNetwork);
  const places = indexPlaces(state.value, excludeAddresses);
  const own = pods.filter(({ hostNetwork }) => !hostNetwork);
  const index = {
    at: state.at,
    networks: networks.filter((network) => network !== null),
    places,
    living: groupByAddress(own.filter((pod) => !isTerminal(pod))),
    ended: groupByAddress(own.filter(isTerminal)),
    vanished: groupByAddress(vanished),
    unaddressed: findUnaddressed(pods),
    watchedSince,
    unreadyNodes: new Set(nodes.filter(({ ready }) => ready !== 'True').map(({ name }) => name)),
  };
  return { ...index, doubt: findNodeDoubt(nodes) ?? findNetworkDoubt(podCidrs, index) };
}

const NOTHING = {
  networks: [],
  places: new Map<string, string>(),
  living: new Map<string, readonly Pod[]>(),
  ended: new Map<string, readonly Pod[]>(),
  vanished: new Map<string, readonly VanishedPod[]>(),
  unaddressed: null,
  watchedSince: 0,
  unreadyNodes: new Set<string>(),
};

/** Later ones overwrite: of several reasons why an address is no pod's one is enough. */
function indexPlaces({ pods, nodes }: ClusterState, excludeAddresses: readonly string[]): ReadonlyMap<string, string> {
  const places = new Map<string, string>();
  const put = (addresses: readonly (string | null)[], words: string) => {
    for (const address of addresses) if (address !== null) places.set(address, words);
  };
  for (const { hostNetwork, addresses, namespace, name } of pods)
    if (hostNetwork) put(addresses.map(readAddress), `the address of a node, under ${namespace}/${name}`);
  for (const { name, addresses, podCidrs, tunnelAddresses } of nodes) {
    put(podCidrs.flatMap(firstTwoOf), `one of the first two addresses of the pod network of node ${name}`);
    put(tunnelAddresses.map(readNodeAddress), `an address of the network plug-in on node ${name}`);
    put(addresses.map(readNodeAddress), `an address of node ${name}`);
  }
  put(excludeAddresses.map(readAddress), 'in excludeAddresses');
  return places;
}

function firstTwoOf(cidr: string): readonly string[] {
  const network = readNetwork(cidr);
  return network === null ? [] : firstTwo(network);
}

/** Network plug-ins write theirs with the length of the network, as in `10.2.1.1/24`. */
function readNodeAddress(address: string): string | null {
  return readAddress(address.split('/')[0] ?? '');
}

function groupByAddress<T extends { readonly addresses: readonly string[] }>(
  all: readonly T[],
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    for (const text of one.addresses) {
      const address = readAddress(text);
      if (address === null) continue;
      const group = groups.get(address);
      if (group === undefined) groups.set(address, [one]);
      // It may tell one address in two ways.
      else if (group.at(-1) !== one) group.push(one);
    }
  }
  return groups;
}

/** One whose addresses cannot be read has none that is known. */
function findUnaddressed(pods: readonly Pod[]): ClusterIndex['unaddressed'] {
  let longest: ClusterIndex['unaddressed'] = null;
  for (const pod of pods) {
    if (isTerminal(pod) || (pod.scheduledAt === null && pod.node === null)) continue;
    const since = pod.scheduledAt ?? pod.createdAt;
    if (longest !== null && longest.since <= since) continue;
    if (pod.addresses.length === 0 || pod.addresses.some((address) => readAddress(address) === null))
      longest = { pod, since };
  }
  return longest;
}

/** What a node calls its own and nobody can read may be any address. */
function findNodeDoubt(nodes: readonly ClusterNode[]): string | null {
  for (const { name, addresses, podCidrs, tunnelAddresses } of nodes) {
    const odd =
      [...addresses, ...tunnelAddresses].find((address) => readNodeAddress(address) === null) ??
      podCidrs.find((cidr) => readNetwork(cidr) === null);
    if (odd !== undefined) return `node ${name} has an address that cannot be read: ${odd}`;
  }
  return null;
}

function findNetworkDoubt(
  podCidrs: readonly string[],
  { networks, living }: Pick<ClusterIndex, 'networks' | 'living'>,
): string | null {
  if (podCidrs.length === 0) return 'no pod networks are configured: write them into kubernetes.podCidrs';
  if (networks.length < podCidrs.length) return `kubernetes.podCidrs cannot be read: ${podCidrs.join(', ')}`;
  for (const address of living.keys()) if (networks.some((network) => address.startsWith(network))) return null;
  // Another cluster's credentials, or the wrong networks: every session would look like nobody's.
  const [pod] = living.values().next().value ?? [];
  if (pod === undefined) return 'the cluster lists no pod that has an address: perhaps it is another cluster';
  return `none of its pods has an address in kubernetes.podCidrs (${podCidrs.join(', ')}): pod ${pod.namespace}/${pod.name} has ${pod.addresses.join(', ')}`;
}
