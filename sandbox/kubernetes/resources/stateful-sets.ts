import type { ResourceType } from '../api/resource-type.ts';
import { STATEFUL_SET_COLUMNS } from './columns/workloads.ts';
import { fillStatefulSet } from './rules/workload-defaults.ts';
import { checkStatefulSet } from './rules/workload-validation.ts';

export default {
  group: 'apps',
  version: 'v1',
  kind: 'StatefulSet',
  plural: 'statefulsets',
  singular: 'statefulset',
  shortNames: ['sts'],
  namespaced: true,
  subresources: ['status', 'scale'],
  hasGeneration: true,
  categories: ['all'],
  columns: STATEFUL_SET_COLUMNS,
  applyDefaults: fillStatefulSet,
  validate: checkStatefulSet({ group: 'apps', kind: 'StatefulSet' }),
} satisfies ResourceType;
