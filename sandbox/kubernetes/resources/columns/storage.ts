import type { Column } from '../../api/resource-type.ts';
import { AGE, printAccessModes, textOr } from './cells.ts';

const VOLUME_MODE: Column = { name: 'VolumeMode', wide: true, cell: ({ spec }) => spec?.volumeMode ?? '<unset>' };

export const CLAIM_COLUMNS: readonly Column[] = [
  {
    name: 'Status',
    cell: ({ status, metadata }) => (metadata.deletionTimestamp ? 'Terminating' : (status?.phase ?? '')),
  },
  { name: 'Volume', cell: ({ spec }) => spec?.volumeName ?? '' },
  { name: 'Capacity', cell: ({ spec, status }) => (spec?.volumeName ? (status?.capacity?.storage ?? '') : '') },
  { name: 'Access Modes', cell: ({ spec, status }) => (spec?.volumeName ? printAccessModes(status?.accessModes) : '') },
  { name: 'StorageClass', cell: ({ spec }) => spec?.storageClassName ?? '' },
  { name: 'VolumeAttributesClass', cell: ({ spec }) => spec?.volumeAttributesClassName ?? '<unset>' },
  AGE,
  VOLUME_MODE,
];

export const VOLUME_COLUMNS: readonly Column[] = [
  { name: 'Capacity', cell: ({ spec }) => spec?.capacity?.storage ?? '' },
  { name: 'Access Modes', cell: ({ spec }) => printAccessModes(spec?.accessModes) },
  { name: 'Reclaim Policy', cell: ({ spec }) => spec?.persistentVolumeReclaimPolicy ?? '' },
  {
    name: 'Status',
    cell: ({ status, metadata }) => (metadata.deletionTimestamp ? 'Terminating' : (status?.phase ?? '')),
  },
  { name: 'Claim', cell: ({ spec }) => (spec?.claimRef ? `${spec.claimRef.namespace}/${spec.claimRef.name}` : '') },
  { name: 'StorageClass', cell: ({ spec }) => spec?.storageClassName ?? '' },
  { name: 'VolumeAttributesClass', cell: ({ spec }) => spec?.volumeAttributesClassName ?? '<unset>' },
  { name: 'Reason', cell: ({ status }) => status?.reason ?? '' },
  AGE,
  VOLUME_MODE,
];

export const STORAGE_CLASS_COLUMNS: readonly Column[] = [
  { name: 'Provisioner', cell: ({ provisioner }) => textOr(provisioner, '') },
  { name: 'ReclaimPolicy', cell: ({ reclaimPolicy }) => textOr(reclaimPolicy, 'Delete') },
  { name: 'VolumeBindingMode', cell: ({ volumeBindingMode }) => textOr(volumeBindingMode, 'Immediate') },
  { name: 'AllowVolumeExpansion', cell: ({ allowVolumeExpansion }) => String(allowVolumeExpansion === true) },
  AGE,
];

export const ATTACHMENT_COLUMNS: readonly Column[] = [
  { name: 'Attacher', cell: ({ spec }) => spec?.attacher ?? '' },
  { name: 'PV', cell: ({ spec }) => spec?.source?.persistentVolumeName ?? '' },
  { name: 'Node', cell: ({ spec }) => spec?.nodeName ?? '' },
  { name: 'Attached', cell: ({ status }) => String(status?.attached === true) },
  AGE,
];
