import { timestampOf } from '../deletion.ts';
import { invalidValue, requiredValue } from '../field-errors.ts';
import type { Attributes, ComputedAnswer, User } from '../http/hooks.ts';
import type { NewObject } from '../object.ts';
import { invalid } from '../refusals.ts';
import { apiVersionOf } from '../resource-type.ts';
import { authorise, type Decision, rulesOf } from './authorise.ts';
import type { Rule } from './rules.ts';
import type { Tokens } from './tokens.ts';

/** What the `spec` of a review may have, as JSON brings it. */
export interface ReviewSpec {
  readonly resourceAttributes?: Partial<
    Record<'verb' | 'group' | 'version' | 'resource' | 'subresource' | 'namespace' | 'name', string>
  >;
  readonly nonResourceAttributes?: { readonly path?: string; readonly verb?: string };
  readonly user?: string;
  readonly groups?: readonly string[];
  readonly namespace?: string;
  readonly token?: string;
}

const AUTHORIZATION = { group: 'authorization.k8s.io', version: 'v1' };
const AUTHENTICATION = { group: 'authentication.k8s.io', version: 'v1' };
const AUDIENCES = ['https://kubernetes.default.svc.cluster.local'];

/** What is asked by POST and stored nowhere: the answer comes back in the same object, with 201; 422 for a question that is none. */
export function createReviews(tokens: Tokens): readonly ComputedAnswer[] {
  return [
    review(AUTHORIZATION, 'SelfSubjectAccessReview', ({ api, user, spec }) => ({
      metadata: {},
      spec,
      status: statusOf(authorise(api, user, asAttributes(spec))),
    })),
    review(AUTHORIZATION, 'SubjectAccessReview', ({ api, spec }) => ({
      metadata: {},
      spec,
      status: statusOf(authorise(api, { name: spec.user ?? '', groups: spec.groups ?? [] }, asAttributes(spec))),
    })),
    review(AUTHORIZATION, 'SelfSubjectRulesReview', ({ api, user, spec: { namespace } }) => {
      if (!namespace) throw invalid({ ...AUTHORIZATION, kind: '' }, '', [requiredValue('spec.namespace')]);
      const rules = rulesOf(api, user, namespace);
      const isPath = ({ nonResourceURLs = [] }: Rule) => nonResourceURLs.length > 0;
      const status = {
        resourceRules: rules.filter((rule) => !isPath(rule)),
        nonResourceRules: rules.filter(isPath),
        incomplete: false,
      };
      return { metadata: {}, spec: {}, status };
    }),
    review(AUTHENTICATION, 'SelfSubjectReview', ({ user, now }) => ({
      metadata: { creationTimestamp: timestampOf(now) },
      status: { userInfo: userInfo(user) },
    })),
    review(AUTHENTICATION, 'TokenReview', ({ api, spec }) => {
      const user = tokens.find(api, spec.token ?? '');
      const status = user
        ? { authenticated: true, user: userInfo(user), audiences: AUDIENCES }
        : { user: {}, error: 'invalid bearer token' };
      return { metadata: {}, spec, status };
    }),
  ];
}

type Asked = Parameters<ComputedAnswer['create']>[0] & { readonly spec: ReviewSpec };

function review(of: typeof AUTHORIZATION, kind: string, answer: (asked: Asked) => object): ComputedAnswer {
  return {
    ...of,
    kind,
    plural: `${kind.toLowerCase()}s`,
    namespaced: false,
    create: (request) => ({
      kind,
      apiVersion: apiVersionOf(of),
      ...answer({ ...request, spec: specOf(request.body) }),
    }),
  };
}

function specOf({ spec }: NewObject): ReviewSpec {
  return spec ?? {};
}

function asAttributes({ resourceAttributes, nonResourceAttributes }: ReviewSpec): Attributes {
  if ((resourceAttributes === undefined) === (nonResourceAttributes === undefined)) {
    // The server forgets the kind here (golden 205).
    throw invalid({ ...AUTHORIZATION, kind: '' }, '', [
      invalidValue(
        'spec.resourceAttributes',
        resourceAttributes ?? null,
        'exactly one of nonResourceAttributes or resourceAttributes must be specified',
      ),
    ]);
  }
  if (nonResourceAttributes)
    return { kind: 'path', verb: nonResourceAttributes.verb ?? '', path: nonResourceAttributes.path ?? '' };
  const { verb = '', group = '', resource = '', subresource, namespace, name, version = '' } = resourceAttributes ?? {};
  return {
    kind: 'resource',
    verb,
    group,
    version,
    resource,
    subresource: subresource || null,
    namespace: namespace || null,
    name: name || null,
  };
}

function statusOf({ allowed, reason }: Decision): object {
  return { allowed, ...(reason !== '' && { reason }) };
}

function userInfo({ name, uid, groups, extra }: User): object {
  return { username: name, ...(uid !== undefined && { uid }), groups, ...(extra !== undefined && { extra }) };
}
