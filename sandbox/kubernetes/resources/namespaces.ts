import type { ResourceType } from '../api/resource-type.ts';
import { AGE } from './columns/cells.ts';
import { fillNamespace } from './rules/object-defaults.ts';

export default {
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  singular: 'namespace',
  shortNames: ['ns'],
  namespaced: false,
  subresources: ['status', 'finalize'],
  selectableFields: ['status.phase'],
  // Its controller empties it, then takes its finalizer off: out of the spec, as for no other kind (golden 281–284).
  isHeld: ({ spec }) => (spec?.finalizers ?? []).length > 0,
  markDeleted: (object) => {
    delete object.metadata.deletionGracePeriodSeconds;
    object.status = { ...object.status, phase: 'Terminating' };
  },
  columns: [{ name: 'Status', cell: ({ status }) => status?.phase ?? 'Active' }, AGE],
  applyDefaults: fillNamespace,
} satisfies ResourceType;
