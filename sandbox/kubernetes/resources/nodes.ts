import type { ResourceType } from '../api/resource-type.ts';
import { NODE_COLUMNS } from './columns/nodes.ts';

export default {
  group: '',
  version: 'v1',
  kind: 'Node',
  plural: 'nodes',
  singular: 'node',
  shortNames: ['no'],
  namespaced: false,
  subresources: ['status'],
  selectableFields: ['spec.unschedulable'],
  columns: NODE_COLUMNS,
} satisfies ResourceType;
