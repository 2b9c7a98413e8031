import type { ResourceType } from '../api/resource-type.ts';

export default {
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'Role',
  plural: 'roles',
  singular: 'role',
  namespaced: true,
} satisfies ResourceType;
