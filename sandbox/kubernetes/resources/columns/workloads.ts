import type { Column } from '../../api/resource-type.ts';
import { AGE, CONTAINERS, SELECTOR } from './cells.ts';

export const DEPLOYMENT_COLUMNS: readonly Column[] = [
  { name: 'Ready', cell: ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec?.replicas ?? 1}` },
  { name: 'Up-to-date', type: 'integer', cell: ({ status }) => status?.updatedReplicas ?? 0 },
  { name: 'Available', type: 'integer', cell: ({ status }) => status?.availableReplicas ?? 0 },
  AGE,
  ...CONTAINERS,
  SELECTOR,
];

export const REPLICA_SET_COLUMNS: readonly Column[] = [
  { name: 'Desired', type: 'integer', cell: ({ spec }) => spec?.replicas ?? 1 },
  { name: 'Current', type: 'integer', cell: ({ status }) => status?.replicas ?? 0 },
  { name: 'Ready', type: 'integer', cell: ({ status }) => status?.readyReplicas ?? 0 },
  AGE,
  ...CONTAINERS,
  SELECTOR,
];

export const STATEFUL_SET_COLUMNS: readonly Column[] = [
  { name: 'Ready', cell: ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec?.replicas ?? 1}` },
  AGE,
  ...CONTAINERS,
];
