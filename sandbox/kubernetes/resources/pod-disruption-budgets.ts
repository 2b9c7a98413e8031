import type { ResourceType } from '../api/resource-type.ts';

export default {
  group: 'policy',
  version: 'v1',
  kind: 'PodDisruptionBudget',
  plural: 'poddisruptionbudgets',
  singular: 'poddisruptionbudget',
  shortNames: ['pdb'],
  namespaced: true,
  subresources: ['status'],
  hasGeneration: true,
} satisfies ResourceType;
