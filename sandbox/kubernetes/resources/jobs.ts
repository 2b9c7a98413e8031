import type { ResourceType } from '../api/resource-type.ts';

export default {
  group: 'batch',
  version: 'v1',
  kind: 'Job',
  plural: 'jobs',
  singular: 'job',
  namespaced: true,
  subresources: ['status'],
  hasGeneration: true,
  categories: ['all'],
  propagation: 'Orphan',
  selectableFields: ['status.successful'],
} satisfies ResourceType;
