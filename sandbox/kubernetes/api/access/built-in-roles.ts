import type { KubeApi } from '../kube-api.ts';
import type { Rule } from './rules.ts';

/**
 * Gives an empty cluster the roles that every cluster has, as far as they were seen in the answer to a
 * SelfSubjectRulesReview (golden 207); the administrator's is `cluster-admin`.
 */
export function createBuiltInRoles(api: KubeApi): void {
  const roles = api.find('rbac.authorization.k8s.io', 'clusterroles');
  const bindings = api.find('rbac.authorization.k8s.io', 'clusterrolebindings');
  if (!roles || !bindings) return;
  for (const { name, groups, rules } of BUILT_IN) {
    api.create(roles, { apiVersion: '', kind: '', metadata: { name }, rules });
    api.create(bindings, {
      apiVersion: '',
      kind: '',
      metadata: { name },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
      subjects: groups.map((group) => ({ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: group })),
    });
  }
}

const BUILT_IN: readonly {
  readonly name: string;
  readonly groups: readonly string[];
  readonly rules: readonly Rule[];
}[] = [
  {
    name: 'cluster-admin',
    groups: ['system:masters'],
    rules: [
      { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
      { verbs: ['*'], nonResourceURLs: ['*'] },
    ],
  },
  {
    name: 'system:basic-user',
    groups: ['system:authenticated'],
    rules: [
      {
        verbs: ['create'],
        apiGroups: ['authorization.k8s.io'],
        resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
      },
      { verbs: ['create'], apiGroups: ['authentication.k8s.io'], resources: ['selfsubjectreviews'] },
    ],
  },
  {
    name: 'system:discovery',
    groups: ['system:authenticated'],
    rules: [
      {
        verbs: ['get'],
        nonResourceURLs: [
          '/api',
          '/api/*',
          '/apis',
          '/apis/*',
          '/healthz',
          '/livez',
          '/openapi',
          '/openapi/*',
          '/readyz',
          '/version',
          '/version/',
        ],
      },
    ],
  },
  {
    name: 'system:public-info-viewer',
    groups: ['system:authenticated', 'system:unauthenticated'],
    rules: [{ verbs: ['get'], nonResourceURLs: ['/healthz', '/livez', '/readyz', '/version', '/version/'] }],
  },
  {
    // The recording shows both rules, not which role the first belongs to.
    name: 'system:service-account-issuer-discovery',
    groups: ['system:serviceaccounts'],
    rules: [
      { verbs: ['get'], nonResourceURLs: ['/.well-known', '/.well-known/*'] },
      {
        verbs: ['get'],
        nonResourceURLs: [
          '/.well-known/openid-configuration',
          '/.well-known/openid-configuration/',
          '/openid/v1/jwks',
          '/openid/v1/jwks/',
        ],
      },
    ],
  },
];
