import type { Clock } from '../model/clock.ts';
import { decideOwnership, nameOf } from '../model/decide-ownership.ts';
import type { KillFate, KillTarget } from '../model/kill-plan.ts';
import type { Ownership } from '../model/orphan.ts';
import type { ClusterAccess } from './kill-stale-parts.ts';
import { lookAtCluster } from './look-at-cluster.ts';

export interface Spared {
  /** Nobody's still. */
  readonly left: readonly KillTarget[];
  readonly spared: readonly KillFate[];
}

/**
 * Lists the pods again before orphaned sessions are ended, and spares whose address came back, or who is in any doubt:
 * all of them where the pods cannot be listed (product.md §6). `shownAt` is when the targets were shown, epoch milliseconds.
 */
export async function spareOwned(
  access: ClusterAccess | null,
  targets: readonly KillTarget[],
  { shownAt, clock }: { readonly shownAt: number; readonly clock: Clock },
): Promise<Spared> {
  const seen = await lookAtCluster(access, clock.now(), clock);
  const judged = targets.map((target) => ({
    target,
    reason: seen.ok
      ? findReason(decideOwnership(target, seen.index, shownAt))
      : `whose it is cannot be told: ${seen.why}`,
  }));
  return {
    left: judged.filter(({ reason }) => reason === null).map(({ target }) => target),
    spared: judged.flatMap(({ target, reason }) => (reason === null ? [] : [{ target, fate: 'doubtful', reason }])),
  };
}

function findReason(ownership: Ownership): string | null {
  switch (ownership.kind) {
    case 'orphaned':
      return null;
    case 'live':
    case 'reused':
      return `its address came back: ${nameOf(ownership.pod)}`;
    case 'elsewhere':
    case 'unknown':
      return ownership.words;
  }
}
