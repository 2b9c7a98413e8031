import { createHash } from 'node:crypto';
import type { KubeObject } from '../api/object.ts';

/** The name of a volume in `node.status.volumesAttached` and `volumesInUse`, or null where it is not a CSI driver's. */
export function uniqueVolumeName({ spec }: KubeObject): string | null {
  return spec.csi ? `kubernetes.io/csi/${spec.csi.driver}^${spec.csi.volumeHandle}` : null;
}

/** The name of the VolumeAttachment of a volume on a node: the same for the same three (golden 129). */
export function attachmentNameOf({ spec }: KubeObject, node: string): string {
  const { driver, volumeHandle } = spec.csi;
  return `csi-${createHash('sha256').update(`${volumeHandle}${driver}${node}`).digest('hex')}`;
}

/** The finalizer of a driver's attacher, as in `external-attacher/linodebs-csi-linode-com`. */
export function attacherFinalizer(driver: string): string {
  return `external-attacher/${driver.replaceAll('.', '-')}`;
}
