import type { ResourceType } from '../api/resource-type.ts';

export default {
  group: 'apps',
  version: 'v1',
  kind: 'ReplicaSet',
  plural: 'replicasets',
  singular: 'replicaset',
  shortNames: ['rs'],
  namespaced: true,
  subresources: ['status', 'scale'],
  hasGeneration: true,
  categories: ['all'],
  selectableFields: ['status.replicas'],
} satisfies ResourceType;
