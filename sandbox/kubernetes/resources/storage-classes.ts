import type { ResourceType } from '../api/resource-type.ts';

export default {
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'StorageClass',
  plural: 'storageclasses',
  singular: 'storageclass',
  shortNames: ['sc'],
  namespaced: false,
  answersDeleted: true,
} satisfies ResourceType;
