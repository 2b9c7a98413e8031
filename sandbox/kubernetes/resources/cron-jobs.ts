import type { ResourceType } from '../api/resource-type.ts';
import { CRON_JOB_COLUMNS } from './columns/jobs.ts';
import { fillCronJob } from './rules/workload-defaults.ts';
import { checkCronJob } from './rules/workload-validation.ts';

export default {
  group: 'batch',
  version: 'v1',
  kind: 'CronJob',
  plural: 'cronjobs',
  singular: 'cronjob',
  shortNames: ['cj'],
  namespaced: true,
  subresources: ['status'],
  hasGeneration: true,
  categories: ['all'],
  columns: CRON_JOB_COLUMNS,
  applyDefaults: fillCronJob,
  validate: checkCronJob({ group: 'batch', kind: 'CronJob' }),
} satisfies ResourceType;
