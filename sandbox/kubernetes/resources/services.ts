import type { ResourceType } from '../api/resource-type.ts';

export default {
  group: '',
  version: 'v1',
  kind: 'Service',
  plural: 'services',
  singular: 'service',
  shortNames: ['svc'],
  namespaced: true,
  subresources: ['status'],
  categories: ['all'],
} satisfies ResourceType;
