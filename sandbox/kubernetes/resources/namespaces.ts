import type { ResourceType } from '../api/resource-type.ts';

export default {
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  singular: 'namespace',
  shortNames: ['ns'],
  namespaced: false,
  subresources: ['status'],
} satisfies ResourceType;
