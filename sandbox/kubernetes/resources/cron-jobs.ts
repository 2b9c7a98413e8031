import type { ResourceType } from '../api/resource-type.ts';
import { CRON_JOB_COLUMNS } from './columns/jobs.ts';

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
} satisfies ResourceType;
