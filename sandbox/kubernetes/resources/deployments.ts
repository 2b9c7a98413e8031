import type { ResourceType } from '../api/resource-type.ts';
import { DEPLOYMENT_COLUMNS } from './columns/workloads.ts';
import { fillDeployment } from './rules/workload-defaults.ts';
import { checkReplicated } from './rules/workload-validation.ts';

export default {
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  plural: 'deployments',
  singular: 'deployment',
  shortNames: ['deploy'],
  namespaced: true,
  subresources: ['status', 'scale'],
  hasGeneration: true,
  categories: ['all'],
  columns: DEPLOYMENT_COLUMNS,
  applyDefaults: fillDeployment,
  validate: checkReplicated({ group: 'apps', kind: 'Deployment' }),
} satisfies ResourceType;
