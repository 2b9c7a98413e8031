import { BlockList, isIP } from 'node:net';
import { type ClusterState, isTerminal } from '../../model/cluster.ts';
import { type Check, fine, unknown, warning } from '../check.ts';
import { coverNetworks } from '../cover-networks.ts';

/** So many addresses are named. */
const MOST_NAMED = 5;

export default {
  area: 'kubernetes',
  scope: 'cluster',
  summary: '`podCidrs` covers the addresses of the live pods; where it does not, a proposal.',
  judge({ state }, { kubernetes }) {
    const cidrs = kubernetes?.podCidrs ?? [];
    const subject = 'podCidrs';
    if (!state.ok) return [unknown(subject, state.reason)];
    const addresses = listPodAddresses(state.value);
    const outside = addresses.filter((address) => !isCovered(address, cidrs));
    if (outside.length === 0 && cidrs.length > 0)
      return [fine(subject, `${cidrs.join(', ')}: all ${addresses.length} addresses of live pods lie within`)];
    const more = outside.length > MOST_NAMED ? ', …' : '';
    return [
      warning(subject, {
        what:
          cidrs.length === 0
            ? 'no pod networks are configured'
            : `${outside.length} of ${addresses.length} addresses of live pods lie outside ${cidrs.join(', ')}: ${outside.slice(0, MOST_NAMED).join(', ')}${more}`,
        why: 'A session from outside them is never called orphaned, however long its pod is gone.',
        mend: propose(state.value),
      }),
    ];
  },
} satisfies Check;

/** Of pods that have addresses of their own. */
function listPodAddresses({ pods }: ClusterState): readonly string[] {
  return pods.filter((pod) => !pod.hostNetwork && !isTerminal(pod)).flatMap(({ addresses }) => addresses);
}

function isCovered(address: string, cidrs: readonly string[]): boolean {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [network = '', bits = ''] = cidr.split('/');
    if ((isIP(network) === 6 ? 'ipv6' : 'ipv4') === family) list.addSubnet(network, Number(bits), family);
  }
  return list.check(address, family);
}

function propose({ nodes }: ClusterState): string {
  const networks = coverNetworks(nodes.flatMap(({ podCidrs }) => podCidrs));
  if (networks.length === 0)
    return 'The nodes tell no networks; ask the network plugin, or whoever made the cluster:\nkubectl cluster-info dump | grep -m 1 cluster-cidr';
  return `kubernetes:\n  podCidrs: [${networks.map((network) => `"${network}"`).join(', ')}]\n# from the nodes; wider where the cluster will grow beyond it`;
}
