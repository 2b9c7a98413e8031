import type { ResourceType } from '../api/resource-type.ts';

export default {
  group: '',
  version: 'v1',
  kind: 'Pod',
  plural: 'pods',
  singular: 'pod',
  shortNames: ['po'],
  namespaced: true,
  subresources: ['status', 'binding', 'eviction', 'log'],
  // A pod that was never bound to a node has nobody who would have to stop it.
  gracePeriodSeconds: ({ spec }) => (spec?.nodeName ? (spec.terminationGracePeriodSeconds ?? 30) : 0),
} satisfies ResourceType;
