import type { ResourceType } from '../api/resource-type.ts';

export default {
  group: '',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  singular: 'event',
  shortNames: ['ev'],
  namespaced: true,
} satisfies ResourceType;
