import type { ResourceType } from '../api/resource-type.ts';
import { STORAGE_CLASS_COLUMNS } from './columns/storage.ts';
import { fillStorageClass } from './rules/object-defaults.ts';

export default {
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'StorageClass',
  plural: 'storageclasses',
  singular: 'storageclass',
  shortNames: ['sc'],
  namespaced: false,
  answersDeleted: true,
  columns: STORAGE_CLASS_COLUMNS,
  applyDefaults: fillStorageClass,
} satisfies ResourceType;
