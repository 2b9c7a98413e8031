import persistentVolumeClaims from '../resources/persistent-volume-claims.ts';
import persistentVolumes from '../resources/persistent-volumes.ts';
import volumeAttachments from '../resources/volume-attachments.ts';
import { editFinalizers } from './edit-finalizers.ts';
import { LINODE_DRIVER } from './linode-storage.ts';
import { isDeleted } from './owners.ts';
import { type Controller, type ControllerParts, parseKey, runController } from './run-controller.ts';

const FINALIZERS = ['external-provisioner.volume.kubernetes.io/finalizer', 'kubernetes.io/pv-protection'];

/**
 * Releases volumes whose claim is gone: Delete deletes them, with what is on them, once they are attached nowhere; Retain
 * keeps them, Released, for whoever clears their claimRef. `deleteVolume` does it at the provider.
 */
export function createVolumeReclaimer({
  api,
  clock,
  deleteVolume,
}: ControllerParts & { readonly deleteVolume: (volumeHandle: string) => void }): Controller {
  function reconcile(key: string): number | null {
    const { name } = parseKey(key);
    const volume = api.get(persistentVolumes, null, name);
    if (!volume) return null;
    const { claimRef, csi, persistentVolumeReclaimPolicy: policy = 'Retain' } = volume.spec;
    const claim = claimRef && api.get(persistentVolumeClaims, claimRef.namespace, claimRef.name);
    const isClaimed = Boolean(claim) && (claimRef.uid === undefined || claimRef.uid === claim?.metadata.uid);
    const isGone = claimRef?.uid !== undefined && !isClaimed;
    const phase = isGone ? 'Released' : claimRef?.uid === undefined ? 'Available' : 'Bound';
    api.change(persistentVolumes, null, name, (draft) => (draft.status = { ...draft.status, phase }), 'status');
    if (!isDeleted(volume)) {
      if (isGone && policy === 'Delete' && csi?.driver === LINODE_DRIVER && !isAttached(name))
        api.delete(persistentVolumes, null, name);
      return null;
    }
    if (isClaimed || isAttached(name)) return null;
    if (policy === 'Delete' && csi?.driver === LINODE_DRIVER) deleteVolume(String(csi.volumeHandle));
    for (const finalizer of FINALIZERS) editFinalizers(api, persistentVolumes, volume, { remove: finalizer });
    return null;
  }

  function isAttached(name: string): boolean {
    return api.list(volumeAttachments, null).some(({ spec }) => spec.source?.persistentVolumeName === name);
  }

  return runController({
    api,
    clock,
    reconcile,
    *keysOf(type, object) {
      if (type === persistentVolumes) yield `/${object.metadata.name}`;
      if (type === persistentVolumeClaims && object.spec.volumeName) yield `/${object.spec.volumeName}`;
      const attached: unknown = type === volumeAttachments && object.spec.source?.persistentVolumeName;
      if (typeof attached === 'string') yield `/${attached}`;
    },
  });
}
