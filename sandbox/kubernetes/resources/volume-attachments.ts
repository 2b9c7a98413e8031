import type { ResourceType } from '../api/resource-type.ts';
import { ATTACHMENT_COLUMNS } from './columns/storage.ts';
import { fillVolumeAttachment } from './rules/object-defaults.ts';
import { checkVolumeAttachment } from './rules/object-validation.ts';

export default {
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'VolumeAttachment',
  plural: 'volumeattachments',
  singular: 'volumeattachment',
  namespaced: false,
  subresources: ['status'],
  answersDeleted: true,
  columns: ATTACHMENT_COLUMNS,
  applyDefaults: fillVolumeAttachment,
  validate: checkVolumeAttachment,
} satisfies ResourceType;
