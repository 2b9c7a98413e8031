import type { KubeObject } from '../api/object.ts';
import { claimNamesOf } from './choose-node.ts';
import { uniqueVolumeName } from './csi-volume.ts';

export interface NeededVolume {
  readonly volume: KubeObject;
  readonly node: string;
  readonly pods: readonly KubeObject[];
}

/** Which CSI volumes the pods need on which nodes, by `volume name|node`. */
export function findNeededVolumes({
  pods,
  claims,
  volumes,
}: {
  readonly pods: readonly KubeObject[];
  readonly claims: readonly KubeObject[];
  readonly volumes: readonly KubeObject[];
}): ReadonlyMap<string, NeededVolume> {
  const bound = new Map(
    claims.map(({ metadata, spec }) => [`${metadata.namespace}/${metadata.name}`, spec.volumeName as unknown]),
  );
  const byName = new Map<unknown, KubeObject>(volumes.map((volume) => [volume.metadata.name, volume]));
  const needed = new Map<string, NeededVolume>();
  for (const pod of pods) {
    const node: string | undefined = pod.spec.nodeName;
    if (!node || hasStopped(pod)) continue;
    for (const claim of claimNamesOf(pod)) {
      const volume = byName.get(bound.get(`${pod.metadata.namespace}/${claim}`));
      if (!volume || uniqueVolumeName(volume) === null) continue;
      const key = `${volume.metadata.name}|${node}`;
      needed.set(key, { volume, node, pods: [...(needed.get(key)?.pods ?? []), pod] });
    }
  }
  return needed;
}

/** Ended, or being deleted with nothing of it running: its volumes may go before it does. */
function hasStopped({ metadata, status }: KubeObject): boolean {
  if (status?.phase === 'Succeeded' || status?.phase === 'Failed') return true;
  const containers = (status?.containerStatuses ?? []) as readonly { state?: { running?: unknown } }[];
  return metadata.deletionTimestamp !== undefined && containers.every(({ state }) => state?.running === undefined);
}
