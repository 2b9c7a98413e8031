import type { User } from '../http/hooks.ts';
import type { KubeApi } from '../kube-api.ts';
import type { NewObject } from '../object.ts';
import type { ResourceType } from '../resource-type.ts';
import { authorise, rulesOf } from './authorise.ts';
import { refuse } from './refuse.ts';
import { covers, type Rule } from './rules.ts';

/** Throws 403 when a role, or a binding to one, would give away more than its author holds. Lets all other types pass. */
export function refuseEscalation(api: KubeApi, user: User, type: ResourceType, object: NewObject): void {
  if (type.group !== 'rbac.authorization.k8s.io') return;
  const name = object.metadata.name ?? null;
  const namespace = object.metadata.namespace ?? null;
  const about = { kind: 'resource' as const, group: type.group, version: type.version, subresource: null, namespace };
  const { wanted, verb, of } = wantedBy(api, type, object);
  if (authorise(api, user, { ...about, ...of, verb }).allowed) return;
  const held = rulesOf(api, user, namespace);
  const missing = wanted.filter((rule) => !covers(held, rule));
  if (missing.length === 0) return;
  const groups = user.groups.map((group) => JSON.stringify(group)).join(' ');
  throw refuse(
    type,
    name ?? '',
    `user "${user.name}" (groups=[${groups}]) is attempting to grant RBAC permissions not currently held:\n${missing.map(describe).join('\n')}`,
  );
}

interface Wanted {
  readonly wanted: readonly Rule[];
  /** Who may do this may give away what they do not hold. */
  readonly verb: 'escalate' | 'bind';
  readonly of: { readonly resource: string; readonly name: string | null };
}

function wantedBy(api: KubeApi, type: ResourceType, object: NewObject): Wanted {
  if (!type.plural.endsWith('bindings')) {
    const wanted = (object['rules'] ?? []) as readonly Rule[];
    return { wanted, verb: 'escalate', of: { resource: type.plural, name: object.metadata.name ?? null } };
  }
  const { kind, name } = object['roleRef'] as { readonly kind: string; readonly name: string };
  const clusterRole = kind === 'ClusterRole';
  const resource = clusterRole ? 'clusterroles' : 'roles';
  const roles = api.find(type.group, resource);
  const role = roles && api.get(roles, clusterRole ? null : (object.metadata.namespace ?? null), name);
  return { wanted: (role?.['rules'] ?? []) as readonly Rule[], verb: 'bind', of: { resource, name } };
}

function describe({ apiGroups, resources, resourceNames, nonResourceURLs, verbs }: Rule): string {
  const parts = Object.entries({
    APIGroups: apiGroups,
    Resources: resources,
    ResourceNames: resourceNames,
    NonResourceURLs: nonResourceURLs,
    Verbs: verbs,
  }).filter(([, words]) => words !== undefined && words.length > 0);
  return `{${parts.map(([name, words]) => `${name}:[${(words ?? []).map((word) => JSON.stringify(word)).join(', ')}]`).join(', ')}}`;
}
