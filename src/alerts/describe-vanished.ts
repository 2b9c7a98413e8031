import type { OrphanGroup } from '../model/orphan.ts';
import { describeMoment } from './describe-age.ts';

/** The pod that had an address, with its rollout: `site-6f (deployment site, revision 12)`. Names in it are hostile. */
export function describeVanished({ pod, address }: Pick<OrphanGroup, 'pod' | 'address'>, watchedSince: number): string {
  if (pod === null) return `a pod at ${address} that went before ${describeMoment(watchedSince)}`;
  const { name, owner } = pod;
  if (owner === null) return name;
  const revision = owner.revision === null ? '' : `, revision ${owner.revision}`;
  return `${name} (${owner.kind.toLowerCase()} ${owner.name}${revision})`;
}
