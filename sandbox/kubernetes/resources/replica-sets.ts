import type { ResourceType } from '../api/resource-type.ts';
import { REPLICA_SET_COLUMNS } from './columns/workloads.ts';
import { fillReplicaSet } from './rules/workload-defaults.ts';
import { checkReplicated } from './rules/workload-validation.ts';

export default {
  group: 'apps',
  version: 'v1',
  kind: 'ReplicaSet',
  plural: 'replicasets',
  singular: 'replicaset',
  shortNames: ['rs'],
  namespaced: true,
  subresources: ['status', 'scale'],
  hasGeneration: true,
  categories: ['all'],
  selectableFields: ['status.replicas'],
  columns: REPLICA_SET_COLUMNS,
  applyDefaults: fillReplicaSet,
  validate: checkReplicated({ group: 'apps', kind: 'ReplicaSet' }),
} satisfies ResourceType;
