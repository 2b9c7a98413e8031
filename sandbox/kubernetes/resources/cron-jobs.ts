import type { ResourceType } from '../api/resource-type.ts';

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
} satisfies ResourceType;
