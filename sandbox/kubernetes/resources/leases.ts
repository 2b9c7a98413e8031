import type { ResourceType } from '../api/resource-type.ts';

export default {
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  plural: 'leases',
  singular: 'lease',
  namespaced: true,
  demandsResourceVersion: true,
  createdByUpdate: true,
} satisfies ResourceType;
