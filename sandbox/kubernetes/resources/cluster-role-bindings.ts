import { refuseChangedRole } from '../api/access/role-reference.ts';
import type { ResourceType } from '../api/resource-type.ts';
import { fillBinding } from './rules/object-defaults.ts';

export default {
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'ClusterRoleBinding',
  plural: 'clusterrolebindings',
  singular: 'clusterrolebinding',
  namespaced: false,
  validate: refuseChangedRole,
  applyDefaults: fillBinding,
} satisfies ResourceType;
