import type { Attributes } from '../http/hooks.ts';

type PathAttributes = Extract<Attributes, { kind: 'path' }>;
type ResourceAttributes = Extract<Attributes, { kind: 'resource' }>;

/** One line of a Role or ClusterRole. */
export interface Rule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

export function allows(rule: Rule, attributes: Attributes): boolean {
  if (!includes(rule.verbs, attributes.verb)) return false;
  return attributes.kind === 'path' ? allowsPath(rule, attributes) : allowsResource(rule, attributes);
}

/** Whether all that `wanted` grants is granted by `held` together: who hands out rights must hold them. */
export function covers(held: readonly Rule[], wanted: Rule): boolean {
  return breakDown(wanted).every((single) => held.some((rule) => allows(rule, single)));
}

function allowsPath({ nonResourceURLs = [] }: Rule, { path }: PathAttributes): boolean {
  return nonResourceURLs.some((url) =>
    url.endsWith('*') ? path.startsWith(url.slice(0, -1).replace(/\*$/, '')) : url === path,
  );
}

function allowsResource(rule: Rule, { group, resource, subresource, name }: ResourceAttributes): boolean {
  const { apiGroups = [], resources = [], resourceNames = [] } = rule;
  const whole = subresource === null ? resource : `${resource}/${subresource}`;
  return (
    includes(apiGroups, group) &&
    (includes(resources, whole) || (subresource !== null && resources.includes(`*/${subresource}`))) &&
    // A list of names allows nothing that has no name: it cannot limit `create` or an unfiltered `list` (facts.md, RBAC).
    (resourceNames.length === 0 || (name !== null && resourceNames.includes(name)))
  );
}

function includes(words: readonly string[], word: string): boolean {
  return words.includes('*') || words.includes(word);
}

function breakDown(rule: Rule): readonly Attributes[] {
  const { verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
  const names: readonly (string | null)[] = resourceNames.length === 0 ? [null] : resourceNames;
  const paths = verbs.flatMap((verb) => nonResourceURLs.map((path) => ({ kind: 'path' as const, verb, path })));
  const objects = verbs.flatMap((verb) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((whole) => {
        const [resource = '', subresource = null] = whole.split('/');
        const [version, namespace] = ['', null];
        const kind = 'resource' as const;
        return names.map((name) => ({ kind, verb, group, version, resource, subresource, namespace, name }));
      }),
    ),
  );
  return [...paths, ...objects];
}
