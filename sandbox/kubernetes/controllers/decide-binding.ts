import type { KubeObject } from '../api/object.ts';
import { parseQuantity } from './parse-quantity.ts';

export type BindingStep =
  | { readonly act: 'bind'; readonly volume: KubeObject }
  | { readonly act: 'provision'; readonly storageClass: KubeObject }
  | { readonly act: 'lose' }
  | { readonly act: 'wait' }
  | { readonly act: 'none' };

/** What becomes of a claim: bound to the volume that it names or that fits, or to one that is made for it. */
export function decideBinding(
  claim: KubeObject,
  {
    volumes,
    storageClasses,
  }: { readonly volumes: readonly KubeObject[]; readonly storageClasses: readonly KubeObject[] },
): BindingStep {
  const { volumeName } = claim.spec;
  const named = volumes.find(({ metadata }) => metadata.name === volumeName) ?? null;
  if (claim.status?.phase === 'Bound') return named ? { act: 'none' } : { act: 'lose' };
  if (claim.status?.phase === 'Lost') return { act: 'none' };
  if (volumeName) return named && isFor(named, claim) ? { act: 'bind', volume: named } : { act: 'wait' };
  const reserved = volumes.find((volume) => volume.spec.claimRef && isFor(volume, claim));
  if (reserved) return { act: 'bind', volume: reserved };
  const fitting = volumes
    .filter((volume) => !volume.spec.claimRef && fits(volume, claim))
    .sort((one, other) => capacityOf(one) - capacityOf(other))[0];
  if (fitting) return { act: 'bind', volume: fitting };
  const storageClass = storageClasses.find(({ metadata }) => metadata.name === claim.spec.storageClassName);
  return storageClass ? { act: 'provision', storageClass } : { act: 'wait' };
}

/** Whether the volume is kept for this claim, or for nobody. */
function isFor(volume: KubeObject, { metadata }: KubeObject): boolean {
  const { claimRef } = volume.spec;
  if (!claimRef) return true;
  const isNamed = claimRef.namespace === metadata.namespace && claimRef.name === metadata.name;
  return isNamed && (claimRef.uid === undefined || claimRef.uid === metadata.uid);
}

function fits(volume: KubeObject, { spec }: KubeObject): boolean {
  const modes: readonly string[] = spec.accessModes ?? [];
  return (
    (volume.spec.storageClassName ?? '') === (spec.storageClassName ?? '') &&
    modes.every((mode) => volume.spec.accessModes?.includes(mode)) &&
    capacityOf(volume) >= parseQuantity(spec.resources?.requests?.storage ?? '0') &&
    volume.metadata.deletionTimestamp === undefined
  );
}

function capacityOf({ spec }: KubeObject): number {
  return parseQuantity(spec.capacity?.storage ?? '0');
}
