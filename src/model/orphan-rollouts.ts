import type { OrphanGroup } from './orphan.ts';

/** The orphaned sessions of one rollout's pods, or of one pod or address that has none. */
export interface OrphanRollout {
  /** Largest first, one at least. */
  readonly groups: readonly OrphanGroup[];
  readonly count: number;
  readonly oldestMs: number;
}

/** Largest first: three rollouts say more than the thirty pods that they replaced. Pure. */
export function groupByRollout(groups: readonly OrphanGroup[]): readonly OrphanRollout[] {
  return [...Map.groupBy(groups, keyOf).values()]
    .map((members) => ({
      groups: members.toSorted((a, b) => b.count - a.count),
      count: members.reduce((sum, { count }) => sum + count, 0),
      oldestMs: members.reduce((most, { oldestMs }) => Math.max(most, oldestMs), 0),
    }))
    .toSorted((a, b) => b.count - a.count);
}

/** Names and revisions are only unique together, and strangers' words: no separator of ours can be among them. */
function keyOf({ address, pod }: OrphanGroup): string {
  if (pod === null) return JSON.stringify([address]);
  const { namespace, owner, uid } = pod;
  if (owner === null || owner.revision === null) return JSON.stringify([namespace, uid]);
  return JSON.stringify([namespace, owner.kind, owner.name, owner.revision]);
}
