import type { ResourceType } from '../api/resource-type.ts';
import { AGE, printLabels } from './columns/cells.ts';
import { fillService } from './rules/object-defaults.ts';

export default {
  group: '',
  version: 'v1',
  kind: 'Service',
  plural: 'services',
  singular: 'service',
  shortNames: ['svc'],
  namespaced: true,
  subresources: ['status'],
  categories: ['all'],
  columns: [
    { name: 'Type', cell: ({ spec }) => spec?.type ?? 'ClusterIP' },
    { name: 'Cluster-IP', cell: ({ spec }) => spec?.clusterIP ?? '<none>' },
    { name: 'External-IP', cell: () => '<none>' },
    {
      name: 'Port(s)',
      cell: ({ spec }) =>
        ((spec?.ports ?? []) as { port: number; protocol?: string }[])
          .map(({ port, protocol = 'TCP' }) => `${port}/${protocol}`)
          .join(','),
    },
    AGE,
    { name: 'Selector', wide: true, cell: ({ spec }) => printLabels(spec?.selector) },
  ],
  applyDefaults: fillService,
} satisfies ResourceType;
