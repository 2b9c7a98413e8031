import type { OrphanGroup } from '../model/orphan.ts';
import type { OrphanRollout } from '../model/orphan-rollouts.ts';
import { describeMoment } from './describe-age.ts';

/** The pod that had an address, with its rollout: `site-6f (deployment site, revision 12)`. Names in it are hostile. */
export function describeVanished({ pod, address }: Pick<OrphanGroup, 'pod' | 'address'>, watchedSince: number): string {
  if (pod === null) return `a pod at ${address} that went before ${describeMoment(watchedSince)}`;
  const { name, owner } = pod;
  return owner === null ? name : `${name} (${nameRollout(owner)})`;
}

/** As describeVanished; of several pods their rollout alone: `deployment site, revision 12 (3 pods)`. */
export function describeRollout({ groups }: OrphanRollout, watchedSince: number): string {
  const [largest, ...others] = groups;
  if (largest === undefined) return 'no pod';
  const owner = largest.pod?.owner ?? null;
  if (others.length === 0 || owner === null) return describeVanished(largest, watchedSince);
  return `${nameRollout(owner)} (${groups.length} pods)`;
}

function nameRollout({ kind, name, revision }: NonNullable<NonNullable<OrphanGroup['pod']>['owner']>): string {
  return `${kind.toLowerCase()} ${name}${revision === null ? '' : `, revision ${revision}`}`;
}
