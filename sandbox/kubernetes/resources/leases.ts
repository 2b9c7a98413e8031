import type { ResourceType } from '../api/resource-type.ts';
import { AGE } from './columns/cells.ts';
import { checkLease } from './rules/object-validation.ts';

export default {
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  plural: 'leases',
  singular: 'lease',
  namespaced: true,
  demandsResourceVersion: true,
  createdByUpdate: true,
  columns: [{ name: 'Holder', cell: ({ spec }) => spec?.holderIdentity ?? '' }, AGE],
  validate: checkLease,
} satisfies ResourceType;
