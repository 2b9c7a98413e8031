import type { ResourceType } from '../api/resource-type.ts';
import { AGE } from './columns/cells.ts';
import { checkConfigMap } from './rules/object-validation.ts';

export default {
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  singular: 'configmap',
  shortNames: ['cm'],
  namespaced: true,
  columns: [{ name: 'Data', type: 'integer', cell: ({ data }) => Object.keys(data ?? {}).length }, AGE],
  validate: checkConfigMap,
} satisfies ResourceType;
