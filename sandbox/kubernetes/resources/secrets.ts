import type { ResourceType } from '../api/resource-type.ts';
import { AGE, textOr } from './columns/cells.ts';
import { fillSecret } from './rules/object-defaults.ts';
import { checkSecret } from './rules/object-validation.ts';

export default {
  group: '',
  version: 'v1',
  kind: 'Secret',
  plural: 'secrets',
  singular: 'secret',
  namespaced: true,
  selectableFields: ['type'],
  columns: [
    { name: 'Type', cell: ({ type }) => textOr(type, 'Opaque') },
    { name: 'Data', type: 'integer', cell: ({ data }) => Object.keys(data ?? {}).length },
    AGE,
  ],
  applyDefaults: fillSecret,
  validate: checkSecret,
} satisfies ResourceType;
