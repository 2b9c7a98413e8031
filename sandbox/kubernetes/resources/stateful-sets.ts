import type { ResourceType } from '../api/resource-type.ts';
import { STATEFUL_SET_COLUMNS } from './columns/workloads.ts';

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
} satisfies ResourceType;
