import type { DetailedSession } from '../model/activity.ts';
import type { Clock } from '../model/clock.ts';
import type { Cluster } from '../model/cluster.ts';
import type { DatabaseActions } from '../model/database-actions.ts';
import { findDoubt } from '../model/decide-ownership.ts';
import { type ClusterIndex, indexCluster } from '../model/index-cluster.ts';
import { readAddress } from '../model/ip-networks.ts';
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
  const { sessions, actions, podCidrs, excludeAddresses, applications, protect, reportOrphans, clock } = options;
  const networks = { podCidrs, excludeAddresses };
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
    const known = options.cluster.latest();
    if (!known.ok) return known;
    const index = indexCluster({ state: known, ...networks });
    // Nobody is nobody's by networks that are not the pods': that says nothing, and must not pass for none.
    if (index.doubt !== null) return unseen(index.doubt, known.at);
    if (!sample.value.some(({ address }) => isDoubtful(address, index)))
      return seen({ ...NOBODY, watchedSince: known.value.watchedSince }, sample.at);
    const details = await actions.readDetails();
    if (!details.ok) return details;
    // The pooler after the sessions: one that it opened in between is on its list, and not on ours.
    const poolerPids = await actions.readPoolerPids();
    if (!poolerPids.ok) return poolerPids;
    const cluster = { state: await options.cluster.list(), ...networks };
    const doubt = findDoubt(indexCluster(cluster), details.at);
    if (doubt !== null) return unseen(doubt, details.at);
    const context = { applications, protect, poolerPids, sessionsAt: details.at, cluster };
    try {
      return seen(reportOrphans(details.value, context), details.at);
    } catch (error) {
      // It must not end the bot, nor pass for nobody: whoever reads the status reads this.
      return unseen(`a fault of ours in telling whose they are: ${String(error)}`, details.at);
    }
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

/** It may be a vanished pod's: worth a look, and no more than that. */
function isDoubtful(text: string | null, { networks, places, living }: ClusterIndex): boolean {
  const address = text === null ? null : readAddress(text);
  if (address === null || places.has(address) || living.has(address)) return false;
  return networks.some((network) => address.startsWith(network));
}
