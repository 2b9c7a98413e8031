import type { ResourceType } from '../api/resource-type.ts';
import { CLAIM_COLUMNS } from './columns/storage.ts';

export default {
  group: '',
  version: 'v1',
  kind: 'PersistentVolumeClaim',
  plural: 'persistentvolumeclaims',
  singular: 'persistentvolumeclaim',
  shortNames: ['pvc'],
  namespaced: true,
  subresources: ['status'],
  answersDeleted: true,
  columns: CLAIM_COLUMNS,
} satisfies ResourceType;
