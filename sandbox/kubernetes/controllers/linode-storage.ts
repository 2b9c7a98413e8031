import type { NewObject } from '../api/object.ts';

/** The driver of Linode's block storage, and the StorageClasses that come with it. */
export const LINODE_DRIVER = 'linodebs.csi.linode.com';

export const LINODE_STORAGE_CLASSES: readonly NewObject[] = [
  { name: 'linode-block-storage', reclaimPolicy: 'Delete' },
  { name: 'linode-block-storage-retain', reclaimPolicy: 'Retain' },
].map(({ name, reclaimPolicy }) => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name },
  provisioner: LINODE_DRIVER,
  reclaimPolicy,
  volumeBindingMode: 'Immediate',
  allowVolumeExpansion: true,
}));

/** The label of a claim's volume: `pvc` and the first sixteen digits of its uid, as the driver shortens it. */
export function volumeLabelOf(claimUid: string): string {
  return `pvc${claimUid.replaceAll('-', '').slice(0, 16)}`;
}
