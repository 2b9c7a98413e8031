import type { ResourceType } from '../api/resource-type.ts';
import { JOB_COLUMNS } from './columns/jobs.ts';

export default {
  group: 'batch',
  version: 'v1',
  kind: 'Job',
  plural: 'jobs',
  singular: 'job',
  namespaced: true,
  subresources: ['status'],
  hasGeneration: true,
  categories: ['all'],
  propagation: 'Orphan',
  selectableFields: ['status.successful'],
  columns: JOB_COLUMNS,
} satisfies ResourceType;
