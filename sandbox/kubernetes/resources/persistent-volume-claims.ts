import type { ResourceType } from '../api/resource-type.ts';
import { CLAIM_COLUMNS } from './columns/storage.ts';
import { fillClaim } from './rules/object-defaults.ts';

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
  applyDefaults: fillClaim,
} satisfies ResourceType;
