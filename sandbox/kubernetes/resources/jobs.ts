import type { ResourceType } from '../api/resource-type.ts';
import { JOB_COLUMNS } from './columns/jobs.ts';
import { fillJob } from './rules/workload-defaults.ts';
import { checkJob } from './rules/workload-validation.ts';

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
  applyDefaults: fillJob,
  validate: checkJob({ group: 'batch', kind: 'Job' }),
} satisfies ResourceType;
