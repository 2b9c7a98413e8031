import { apiVersionOf, type ResourceType } from '../resource-type.ts';
import type { ComputedAnswer } from './hooks.ts';

const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

const PARTS: Readonly<Record<NonNullable<ResourceType['subresources']>[number], object>> = {
  status: { verbs: ['get', 'patch', 'update'] },
  scale: { group: 'autoscaling', version: 'v1', kind: 'Scale', verbs: ['get', 'patch', 'update'] },
  binding: { kind: 'Binding', verbs: ['create'] },
  eviction: { group: 'policy', version: 'v1', kind: 'Eviction', verbs: ['create'] },
  log: { verbs: ['get'] },
  finalize: { verbs: ['update'] },
};

/** `/apis` (golden 004). */
export function listGroups(types: readonly ResourceType[], answers: readonly ComputedAnswer[]): object {
  const versions = Map.groupBy(
    [...types, ...answers].filter(({ group }) => group !== ''),
    ({ group }) => group,
  );
  return {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: [...versions].map(([name, members]) => groupOf(name, members)),
  };
}

/** `/apis/<group>`; null where there is none. */
export function describeGroup(
  types: readonly ResourceType[],
  answers: readonly ComputedAnswer[],
  name: string,
): object | null {
  const members = [...types, ...answers].filter(({ group }) => group === name);
  return members.length === 0 ? null : { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(name, members) };
}

/** `/api/v1` and `/apis/<group>/<version>` (golden 005); null where nothing is served there. */
export function listResources(
  types: readonly ResourceType[],
  answers: readonly ComputedAnswer[],
  groupVersion: string,
): object | null {
  const resources = [
    ...types.filter((type) => apiVersionOf(type) === groupVersion).flatMap(describe),
    ...answers
      .filter((answer) => apiVersionOf(answer) === groupVersion)
      .map(({ plural, kind, namespaced }) => ({
        name: plural,
        singularName: plural.includes('/') ? '' : kind.toLowerCase(),
        namespaced,
        kind,
        verbs: ['create'],
      })),
  ];
  return resources.length === 0
    ? null
    : {
        kind: 'APIResourceList',
        apiVersion: 'v1',
        groupVersion,
        resources: resources.sort((a, b) => (a.name < b.name ? -1 : 1)),
      };
}

function groupOf(name: string, members: readonly { readonly version: string }[]): object {
  const versions = [...new Set(members.map(({ version }) => version))].map((version) => ({
    groupVersion: `${name}/${version}`,
    version,
  }));
  return { name, versions, preferredVersion: versions[0] };
}

function describe(type: ResourceType): { readonly name: string; readonly [field: string]: unknown }[] {
  const { plural, singular, namespaced, kind, shortNames, categories, subresources = [] } = type;
  return [
    {
      name: plural,
      singularName: singular,
      namespaced,
      kind,
      verbs: VERBS,
      ...(shortNames && { shortNames }),
      ...(categories && { categories }),
    },
    ...subresources.map((part) =>
      Object.assign({ name: `${plural}/${part}`, singularName: '', namespaced, kind }, PARTS[part]),
    ),
  ];
}
