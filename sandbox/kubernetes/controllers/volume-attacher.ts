import persistentVolumes from '../resources/persistent-volumes.ts';
import volumeAttachments from '../resources/volume-attachments.ts';
import { attacherFinalizer } from './csi-volume.ts';
import { editFinalizers } from './edit-finalizers.ts';
import { LINODE_DRIVER } from './linode-storage.ts';
import { isDeleted } from './owners.ts';
import { type Controller, type ControllerParts, parseKey, runController } from './run-controller.ts';

/**
 * The driver's attacher: does what VolumeAttachments ask for, after the time that it takes at the provider, and holds each
 * with a finalizer until its volume is detached.
 */
export function createVolumeAttacher({
  api,
  clock,
  attachMs,
  detachMs,
}: ControllerParts & { readonly attachMs: number; readonly detachMs: number }): Controller {
  const begun = new Map<string, number>();

  function reconcile(key: string): number | null {
    const { name } = parseKey(key);
    const attachment = api.get(volumeAttachments, null, name);
    if (attachment?.spec.attacher !== LINODE_DRIVER) return null;
    const going = isDeleted(attachment);
    const isDone = !going && attachment.status?.attached === true;
    if (!going) editFinalizers(api, volumeAttachments, attachment, { add: attacherFinalizer(LINODE_DRIVER) });
    if (isDone) return null;
    const work = `${attachment.metadata.uid} ${going ? 'detach' : 'attach'}`;
    const from = begun.get(work) ?? clock.now();
    begun.set(work, from);
    const left = from + (going ? detachMs : attachMs) - clock.now();
    if (left > 0) return left;
    begun.delete(work);
    if (going) editFinalizers(api, volumeAttachments, attachment, { remove: attacherFinalizer(LINODE_DRIVER) });
    else attach(name, String(attachment.spec.source?.persistentVolumeName));
    return null;
  }

  function attach(name: string, volumeName: string): void {
    const handle = String(api.get(persistentVolumes, null, volumeName)?.spec.csi?.volumeHandle ?? '');
    const label = handle.slice(handle.indexOf('-') + 1);
    const attachmentMetadata = { devicePath: `/dev/disk/by-id/scsi-0Linode_Volume_${label}` };
    const status = { attached: true, attachmentMetadata };
    api.change(volumeAttachments, null, name, (draft) => (draft.status = status), 'status');
  }

  return runController({
    api,
    clock,
    reconcile,
    keysOf: (type, { metadata }) => (type === volumeAttachments ? [`/${metadata.name}`] : []),
  });
}
