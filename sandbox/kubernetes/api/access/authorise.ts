import type { Attributes, User } from '../http/hooks.ts';
import type { KubeApi } from '../kube-api.ts';
import type { KubeObject } from '../object.ts';
import { allows, type Rule } from './rules.ts';
import { MASTERS } from './user.ts';

export interface Decision {
  readonly allowed: boolean;
  /** Which binding allows it; empty for a refusal, and for those who may do everything. */
  readonly reason: string;
}

const RBAC = 'rbac.authorization.k8s.io';

/** Whether RBAC's objects, as they are now, allow it. */
export function authorise(api: KubeApi, user: User, attributes: Attributes): Decision {
  if (user.groups.includes(MASTERS)) return { allowed: true, reason: '' };
  const namespace = attributes.kind === 'resource' ? attributes.namespace : null;
  const grant = grantsOf(api, user, namespace).find(({ rules }) => rules.some((rule) => allows(rule, attributes)));
  return grant ? { allowed: true, reason: grant.reason } : { allowed: false, reason: '' };
}

/** Every rule that speaks for this user, cluster-wide ones first; `namespace` null asks for those alone. */
export function rulesOf(api: KubeApi, user: User, namespace: string | null): readonly Rule[] {
  return grantsOf(api, user, namespace).flatMap(({ rules }) => rules);
}

interface Grant {
  readonly reason: string;
  readonly rules: readonly Rule[];
}

interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

interface Binding extends KubeObject {
  readonly subjects?: readonly Subject[];
  readonly roleRef: { readonly kind: string; readonly name: string };
}

function grantsOf(api: KubeApi, user: User, namespace: string | null): readonly Grant[] {
  const clusterWide = list(api, 'clusterrolebindings', null);
  const local = namespace === null ? [] : list(api, 'rolebindings', namespace);
  return [...clusterWide, ...local].flatMap((object) => {
    const binding = object as Binding;
    const subject = binding.subjects?.find((one) => isMeant(one, user, binding.metadata.namespace));
    if (!subject) return [];
    const { roleRef, metadata, kind } = binding;
    const name = metadata.namespace === undefined ? metadata.name : `${metadata.name}/${metadata.namespace}`;
    return [
      {
        reason: `RBAC: allowed by ${kind} "${name}" of ${roleRef.kind} "${roleRef.name}" to ${describe(subject)}`,
        rules: rulesOfRole(api, binding),
      },
    ];
  });
}

function isMeant({ kind, name, namespace }: Subject, user: User, ofBinding: string | undefined): boolean {
  if (kind === 'User') return name === user.name;
  if (kind === 'Group') return user.groups.includes(name);
  return kind === 'ServiceAccount' && user.name === `system:serviceaccount:${namespace ?? ofBinding ?? ''}:${name}`;
}

function describe({ kind, name, namespace }: Subject): string {
  return kind === 'ServiceAccount' ? `${kind} "${name}/${namespace ?? ''}"` : `${kind} "${name}"`;
}

/** A binding to a role that does not exist grants nothing. */
function rulesOfRole(api: KubeApi, { roleRef, metadata }: Binding): readonly Rule[] {
  const clusterRole = roleRef.kind === 'ClusterRole';
  const type = api.find(RBAC, clusterRole ? 'clusterroles' : 'roles');
  const role = type && api.get(type, clusterRole ? null : (metadata.namespace ?? null), roleRef.name);
  return (role?.['rules'] ?? []) as readonly Rule[];
}

function list(api: KubeApi, plural: string, namespace: string | null): readonly KubeObject[] {
  const type = api.find(RBAC, plural);
  return type ? api.list(type, namespace) : [];
}
