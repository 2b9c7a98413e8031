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
} satisfies ResourceType;
