import type { ResourceType } from '../api/resource-type.ts';
import { AGE } from './columns/cells.ts';

export default {
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  singular: 'configmap',
  shortNames: ['cm'],
  namespaced: true,
  columns: [{ name: 'Data', type: 'integer', cell: ({ data }) => Object.keys(data ?? {}).length }, AGE],
} satisfies ResourceType;
