import { BlockList, isIP } from 'node:net';
import type { DetailedSession } from '../model/activity.ts';
import type { Clock } from '../model/clock.ts';
import { type Cluster, type ClusterState, isTerminal } from '../model/cluster.ts';
import type { DatabaseActions } from '../model/database-actions.ts';
import { type Observed, seen, unseen } from '../model/observed.ts';
import type { OrphanReport } from '../model/orphan.ts';
import type { SessionGroup } from '../model/session-group.ts';
import type { StaleContext } from '../model/stale-criteria.ts';
import { keepDoing } from './keep-doing.ts';

/** Keeps count of the sessions of one database that nobody owns any more. */
export interface OrphanWatch {
  latest(): Observed<OrphanReport>;
  /** Once more at once: sessions were ended. */
  demand(): void;
  stop(): Promise<void>;
}

const EVERY_MS = 15_000;

/**
 * As long as each pod address that holds sessions is a live pod's, by the newest sample and the watched pods, nobody is
 * asked anything. Else the sessions are read one by one and then the pods listed, in this order (product.md §6).
 */
export function watchOrphans(options: {
  /** The newest grouped sample. */
  readonly sessions: () => Observed<readonly SessionGroup[]>;
  readonly actions: Pick<DatabaseActions, 'readDetails' | 'readPoolerPids'>;
  readonly cluster: Pick<Cluster, 'latest' | 'list'>;
  readonly podCidrs: readonly string[];
  readonly excludeAddresses: readonly string[];
  readonly applications: StaleContext['applications'];
  readonly protect: StaleContext['protect'];
  readonly reportOrphans: (sessions: readonly DetailedSession[], context: StaleContext) => OrphanReport;
  readonly clock: Clock;
  readonly onChange: () => void;
  readonly everyMs?: number;
}): OrphanWatch {
  const { sessions, actions, cluster, podCidrs, excludeAddresses, applications, protect, reportOrphans, clock } =
    options;
  const isPodAddress = createAddressMatch(podCidrs);
  let report: Observed<OrphanReport> = unseen('not looked yet', clock.now());
  let stopped = false;

  const looking = keepDoing(clock, {
    act: async () => {
      report = await look();
      if (!stopped) options.onChange();
    },
    restMs: () => options.everyMs ?? EVERY_MS,
  });

  async function look(): Promise<Observed<OrphanReport>> {
    const sample = sessions();
    if (!sample.ok) return sample;
    const known = cluster.latest();
    if (!known.ok) return known;
    if (!sample.value.some(({ address }) => isDoubtful(address, known.value))) {
      return seen({ ...NOBODY, watchedSince: known.value.watchedSince }, sample.at);
    }
    const details = await actions.readDetails();
    if (!details.ok) return details;
    // The pooler after the sessions: one that it opened in between is on its list, and not on ours.
    const poolerPids = await actions.readPoolerPids();
    const state = await cluster.list();
    if (!state.ok) return state;
    const context = { applications, protect, poolerPids, sessionsAt: details.at };
    try {
      return seen(
        reportOrphans(details.value, { ...context, cluster: { state, podCidrs, excludeAddresses } }),
        details.at,
      );
    } catch (error) {
      // It must not end the bot, nor pass for nobody: whoever reads the status reads this.
      return unseen(`a fault of ours in telling whose they are: ${String(error)}`, details.at);
    }
  }

  /** It may be a vanished pod's: worth a look, and no more than that. */
  function isDoubtful(address: string | null, { pods, nodes }: ClusterState): boolean {
    if (address === null || !isPodAddress(address) || excludeAddresses.includes(address)) return false;
    if (nodes.some((node) => node.addresses.includes(address) || node.tunnelAddresses.includes(address))) return false;
    return !pods.some((pod) => !isTerminal(pod) && pod.addresses.includes(address));
  }

  return {
    latest: () => report,
    demand: () => looking.demand(),
    async stop() {
      stopped = true;
      await looking.stop();
    },
  };
}

const NOBODY = { groups: [], count: 0, unknown: 0, reused: 0 } as const;

/** Whether an address lies in one of the networks, which the configuration has checked. */
function createAddressMatch(cidrs: readonly string[]): (address: string) => boolean {
  const networks = new BlockList();
  for (const cidr of cidrs) {
    const [network = '', bits] = cidr.split('/');
    networks.addSubnet(network, Number(bits), familyOf(network));
  }
  return (address) => isIP(address) !== 0 && networks.check(address, familyOf(address));
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}
