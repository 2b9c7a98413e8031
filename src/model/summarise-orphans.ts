import type { DetailedSession } from './activity.ts';
import type { VanishedPod } from './cluster.ts';
import type { OrphanGroup, OrphanReport, Ownership } from './orphan.ts';
import { DEFAULT_OLDER_THAN_MS, type StaleContext } from './stale-criteria.ts';
import { decideStaleness, type JudgedSession } from './staleness.ts';

/**
 * How many of the sessions nobody owns, by their address: what `/db kill-stale` would select now, and no other. Without
 * a cluster, and where its pods are not seen, that is nobody. Pure.
 */
export function reportOrphans(sessions: readonly DetailedSession[], context: StaleContext): OrphanReport {
  const criteria = { kind: 'orphaned', olderThanMs: DEFAULT_OLDER_THAN_MS.orphaned, application: null } as const;
  const judged = decideStaleness(sessions, criteria, context);
  const selected = judged.filter(({ verdict }) => verdict.kind === 'selected');
  const countSpared = (reason: string) =>
    judged.filter(({ verdict }) => verdict.kind === 'spared' && verdict.reason === reason).length;
  const state = context.cluster?.state;
  return {
    groups: [
      ...Map.groupBy(selected, ({ session, ownership }) => `${session.address} ${podOf(ownership)?.uid}`).values(),
    ]
      .map(summarise)
      .sort((a, b) => b.count - a.count || (a.address < b.address ? -1 : 1)),
    count: selected.length,
    unknown: countSpared('unknown'),
    reused: countSpared('reused'),
    watchedSince: state?.ok ? state.value.watchedSince : 0,
  };
}

function summarise(members: readonly JudgedSession[]): OrphanGroup {
  return {
    address: members[0]?.session.address ?? '',
    pod: podOf(members[0]?.ownership),
    applications: [...Map.groupBy(members, ({ application }) => application)]
      .map(([name, { length }]) => ({ name, count: length }))
      .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1)),
    count: members.length,
    oldestMs: members.reduce((oldest, { session }) => Math.max(oldest, session.ageMs ?? 0), 0),
  };
}

function podOf(ownership: Ownership | null | undefined): VanishedPod | null {
  return ownership?.kind === 'orphaned' ? ownership.pod : null;
}
