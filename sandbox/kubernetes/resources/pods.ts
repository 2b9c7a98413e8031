import type { ResourceType } from '../api/resource-type.ts';
import { POD_COLUMNS } from './columns/pods.ts';
import { fillPodObject } from './rules/object-defaults.ts';
import { checkPod } from './rules/pod-validation.ts';

export default {
  group: '',
  version: 'v1',
  kind: 'Pod',
  plural: 'pods',
  singular: 'pod',
  shortNames: ['po'],
  namespaced: true,
  subresources: ['status', 'binding', 'eviction', 'log'],
  // A pod that was never bound to a node, or has ended, has nobody who would have to stop it.
  gracePeriodSeconds: ({ spec, status }) =>
    !spec?.nodeName || status?.phase === 'Succeeded' || status?.phase === 'Failed'
      ? 0
      : (spec.terminationGracePeriodSeconds ?? 30),
  hasGeneration: true,
  categories: ['all'],
  answersDeleted: true,
  selectableFields: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'status.phase',
    'status.podIP',
  ],
  columns: POD_COLUMNS,
  applyDefaults: fillPodObject,
  validate: checkPod({ group: '', kind: 'Pod' }),
} satisfies ResourceType;
