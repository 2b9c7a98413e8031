import type { ResourceType } from '../api/resource-type.ts';
import { AGE } from './columns/cells.ts';

/** Nothing acts on it: it is there to be seen. */
export default {
  group: 'autoscaling',
  version: 'v2',
  kind: 'HorizontalPodAutoscaler',
  plural: 'horizontalpodautoscalers',
  singular: 'horizontalpodautoscaler',
  shortNames: ['hpa'],
  namespaced: true,
  subresources: ['status'],
  categories: ['all'],
  columns: [
    {
      name: 'Reference',
      cell: ({ spec }) => `${spec?.scaleTargetRef?.kind ?? ''}/${spec?.scaleTargetRef?.name ?? ''}`,
    },
    { name: 'MinPods', cell: ({ spec }) => spec?.minReplicas ?? 1 },
    { name: 'MaxPods', type: 'integer', cell: ({ spec }) => spec?.maxReplicas ?? 0 },
    { name: 'Replicas', type: 'integer', cell: ({ status }) => status?.currentReplicas ?? 0 },
    AGE,
  ],
} satisfies ResourceType;
