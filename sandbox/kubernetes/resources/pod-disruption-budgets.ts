import type { ResourceType } from '../api/resource-type.ts';
import { AGE } from './columns/cells.ts';

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
  columns: [
    { name: 'Min Available', cell: ({ spec }) => spec?.minAvailable ?? 'N/A' },
    { name: 'Max Unavailable', cell: ({ spec }) => spec?.maxUnavailable ?? 'N/A' },
    { name: 'Allowed Disruptions', type: 'integer', cell: ({ status }) => status?.disruptionsAllowed ?? 0 },
    AGE,
  ],
} satisfies ResourceType;
