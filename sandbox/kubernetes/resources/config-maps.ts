import type { ResourceType } from '../api/resource-type.ts';

export default {
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  singular: 'configmap',
  shortNames: ['cm'],
  namespaced: true,
} satisfies ResourceType;
