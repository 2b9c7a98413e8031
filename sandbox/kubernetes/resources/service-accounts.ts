import type { ResourceType } from '../api/resource-type.ts';
import { AGE } from './columns/cells.ts';

export default {
  group: '',
  version: 'v1',
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  singular: 'serviceaccount',
  shortNames: ['sa'],
  namespaced: true,
  answersDeleted: true,
  columns: [AGE],
} satisfies ResourceType;
