import type { ResourceType } from '../api/resource-type.ts';
import { VOLUME_COLUMNS } from './columns/storage.ts';
import { fillVolume } from './rules/object-defaults.ts';

export default {
  group: '',
  version: 'v1',
  kind: 'PersistentVolume',
  plural: 'persistentvolumes',
  singular: 'persistentvolume',
  shortNames: ['pv'],
  namespaced: false,
  subresources: ['status'],
  answersDeleted: true,
  columns: VOLUME_COLUMNS,
  applyDefaults: fillVolume,
} satisfies ResourceType;
