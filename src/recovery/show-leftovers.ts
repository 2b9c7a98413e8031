import { indexCluster } from '../model/index-cluster.ts';
import { readAddress } from '../model/ip-networks.ts';
import type { KillTarget } from '../model/kill-plan.ts';
import { podsOf } from '../model/pods-of.ts';
import type { RecoveryFacts } from './facts.ts';
import type { Restartable } from './restartable.ts';
import { findNever, judgeSessions, toShown } from './sessions-to-end.ts';

/**
 * Every session of an application that may be left behind when it is stopped: of its pods, and of pods that are gone.
 * Those from elsewhere, as of another workload or somebody's desk, are none of it. Empty where the pods are not seen. Pure.
 */
export function showLeftovers(facts: RecoveryFacts, { application, workload }: Restartable): KillTarget[] {
  const { settings, sessions, cluster, orphans } = facts;
  if (!sessions.ok || cluster?.ok !== true) return [];
  const its = podsOf(workload.reference, cluster.value).filter(({ hostNetwork }) => !hostNetwork);
  const orphaned = orphans?.ok === true ? orphans.value.groups.map(({ address }) => address) : [];
  const addresses = new Set(
    [...[...its, ...cluster.value.vanished].flatMap((pod) => pod.addresses), ...orphaned].map(readAddress),
  );
  // Nodes' addresses, which host-network pods have too: whose their sessions are nobody can tell.
  const { places } = indexCluster({ state: cluster, podCidrs: [], excludeAddresses: [] });
  const judged = judgeSessions(application.name, {
    sessions: sessions.value,
    sessionsAt: sessions.at,
    poolerPids: { ok: true, value: new Set(), at: sessions.at },
    applications: settings.applications,
    protect: settings.protect,
  });
  return judged
    .filter((each) => {
      const address = each.session.address === null ? null : readAddress(each.session.address);
      return findNever(each) === null && address !== null && addresses.has(address) && !places.has(address);
    })
    .map(toShown)
    .sort((a, b) => b.ageMs - a.ageMs);
}
