import type { ResourceType } from '../api/resource-type.ts';

export default {
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'ClusterRole',
  plural: 'clusterroles',
  singular: 'clusterrole',
  namespaced: false,
} satisfies ResourceType;
