import { describe, expect, it } from 'vitest';
import { authorise } from '../../../../../sandbox/kubernetes/api/access/authorise.ts';
import { createBuiltInRoles } from '../../../../../sandbox/kubernetes/api/access/built-in-roles.ts';
import { refuseEscalation } from '../../../../../sandbox/kubernetes/api/access/escalation.ts';
import { impersonate } from '../../../../../sandbox/kubernetes/api/access/impersonate.ts';
import { createReviews } from '../../../../../sandbox/kubernetes/api/access/reviews.ts';
import type { Rule } from '../../../../../sandbox/kubernetes/api/access/rules.ts';
import { createTokens } from '../../../../../sandbox/kubernetes/api/access/tokens.ts';
import { ADMIN, ANONYMOUS, serviceAccountUser } from '../../../../../sandbox/kubernetes/api/access/user.ts';
import { createKubeApi, type KubeApiCore } from '../../../../../sandbox/kubernetes/api/create-kube-api.ts';
import { forbidden } from '../../../../../sandbox/kubernetes/api/http/access.ts';
import type { Attributes } from '../../../../../sandbox/kubernetes/api/http/hooks.ts';
import { RESOURCE_TYPES } from '../../../../../sandbox/kubernetes/resources/catalogue.ts';

const RBAC = 'rbac.authorization.k8s.io';
const BOT = serviceAccountUser('db', 'bot', 'uid-1', 'jti');

function put(api: KubeApiCore, plural: string, metadata: object, rest: object): void {
  const type = api.find(RBAC, plural) ?? api.find('', plural);
  if (type) api.create(type, { apiVersion: '', kind: '', metadata, ...rest });
}

function clusterWith(rules: readonly Rule[], { clusterWide = false } = {}): KubeApiCore {
  const api = createKubeApi({ types: RESOURCE_TYPES, now: () => 0 });
  for (const name of ['db', 'other']) put(api, 'namespaces', { name }, {});
  createBuiltInRoles(api);
  const namespace = clusterWide ? {} : { namespace: 'db' };
  put(api, clusterWide ? 'clusterroles' : 'roles', { name: 'bot', ...namespace }, { rules });
  put(
    api,
    clusterWide ? 'clusterrolebindings' : 'rolebindings',
    { name: 'bot', ...namespace },
    {
      roleRef: { apiGroup: RBAC, kind: clusterWide ? 'ClusterRole' : 'Role', name: 'bot' },
      subjects: [{ kind: 'ServiceAccount', name: 'bot', namespace: 'db' }],
    },
  );
  return api;
}

function wish(verb: string, what: string, more: { namespace?: string | null; name?: string } = {}): Attributes {
  const [resource = '', subresource = null] = what.split('/');
  const [plain = '', ...group] = resource.split('.');
  const { namespace = 'db', name = null } = more;
  return {
    kind: 'resource',
    verb,
    group: group.join('.'),
    version: 'v1',
    resource: plain,
    subresource,
    namespace,
    name,
  };
}

const core = (verbs: string[], resources: string[], more: Partial<Rule> = {}): Rule => ({
  verbs,
  apiGroups: [''],
  resources,
  ...more,
});
const SCALE = { ...core(['patch'], ['deployments/scale']), apiGroups: ['apps'] };

describe('a role', () => {
  it.each<[string, Rule, Attributes, boolean]>([
    ['allows its verb on its resource', core(['list'], ['pods']), wish('list', 'pods'), true],
    ['allows no other verb', core(['list'], ['pods']), wish('delete', 'pods'), false],
    ['allows no other group', core(['list'], ['pods']), wish('list', 'pods.other'), false],
    [
      'of one namespace says nothing about another',
      core(['list'], ['pods']),
      wish('list', 'pods', { namespace: 'other' }),
      false,
    ],
    [
      'of one namespace says nothing about all',
      core(['list'], ['pods']),
      wish('list', 'pods', { namespace: null }),
      false,
    ],
    ['allows a subresource by name', SCALE, wish('patch', 'deployments.apps/scale'), true],
    ['on a subresource does not allow the object', SCALE, wish('patch', 'deployments.apps'), false],
    ['on the object does not allow its subresource', core(['get'], ['pods']), wish('get', 'pods/log'), false],
    ['allows a subresource of everything', core(['get'], ['*/log']), wish('get', 'pods/log'), true],
    ['allows all with stars', { verbs: ['*'], apiGroups: ['*'], resources: ['*'] }, wish('delete', 'jobs.batch'), true],
    [
      'with names allows those',
      core(['get'], ['pods'], { resourceNames: ['pg'] }),
      wish('get', 'pods', { name: 'pg' }),
      true,
    ],
    [
      'with names allows no other',
      core(['get'], ['pods'], { resourceNames: ['pg'] }),
      wish('get', 'pods', { name: 'x' }),
      false,
    ],
    [
      'with names allows nothing without a name',
      core(['create'], ['pods'], { resourceNames: ['pg'] }),
      wish('create', 'pods'),
      false,
    ],
  ])('%s', (_, rule, attributes, allowed) => {
    expect(authorise(clusterWith([rule]), BOT, attributes).allowed).toBe(allowed);
  });

  it('names the binding that allows', () => {
    const local = authorise(clusterWith([core(['list'], ['pods'])]), BOT, wish('list', 'pods'));
    expect(local.reason).toBe('RBAC: allowed by RoleBinding "bot/db" of Role "bot" to ServiceAccount "bot/db"');
  });

  it('of the cluster allows in every namespace, and outside of all', () => {
    const api = clusterWith([core(['list'], ['pods'])], { clusterWide: true });
    const namespaces = ['db', 'other', null];
    expect(namespaces.map((namespace) => authorise(api, BOT, wish('list', 'pods', { namespace })).allowed)).toEqual([
      true,
      true,
      true,
    ]);
  });

  it('says nothing about somebody else', () => {
    const api = clusterWith([core(['*'], ['*'])]);
    expect(authorise(api, serviceAccountUser('other', 'bot', 'u', 'j'), wish('list', 'pods')).allowed).toBe(false);
    expect(authorise(api, ANONYMOUS, wish('list', 'pods')).allowed).toBe(false);
  });
});

describe('a path', () => {
  const path = (text: string): Attributes => ({ kind: 'path', verb: 'get', path: text });

  it('is open as far as the built-in roles say', () => {
    const api = clusterWith([]);
    const allowed = (user: typeof BOT, text: string) => authorise(api, user, path(text)).allowed;
    expect([allowed(BOT, '/apis/apps/v1'), allowed(ANONYMOUS, '/livez'), allowed(ADMIN, '/metrics')]).toEqual([
      true,
      true,
      true,
    ]);
    expect([allowed(BOT, '/metrics'), allowed(ANONYMOUS, '/apis')]).toEqual([false, false]);
  });
});

describe('a refusal', () => {
  it('says who cannot do what where', () => {
    expect(forbidden(BOT, wish('patch', 'deployments.apps/scale', { name: 'pg' }))).toMatchObject({
      code: 403,
      message:
        'deployments.apps "pg" is forbidden: User "system:serviceaccount:db:bot" cannot patch resource "deployments/scale" in API group "apps" in the namespace "db"',
      details: { name: 'pg', group: 'apps', kind: 'deployments' },
    });
    expect(forbidden(BOT, wish('list', 'nodes', { namespace: null })).message).toMatch(/at the cluster scope$/);
  });

  it('meets whoever gives away what they do not hold', () => {
    const api = clusterWith([core(['get'], ['pods']), { ...core(['create'], ['roles']), apiGroups: [RBAC] }]);
    const roles = api.find(RBAC, 'roles');
    if (!roles) throw new Error('no roles');
    const role = (rule: Rule) => ({
      apiVersion: '',
      kind: '',
      metadata: { name: 'more', namespace: 'db' },
      rules: [rule],
    });
    expect(() => refuseEscalation(api, BOT, roles, role(core(['get'], ['pods'])))).not.toThrow();
    expect(() => refuseEscalation(api, BOT, roles, role(core(['get'], ['secrets'])))).toThrow(/not currently held/);
    expect(() => refuseEscalation(api, ADMIN, roles, role(core(['get'], ['secrets'])))).not.toThrow();
  });

  it('meets whoever makes a binding mean another role', () => {
    const api = clusterWith([]);
    const bindings = api.find(RBAC, 'rolebindings');
    const edit = () =>
      bindings && api.change(bindings, 'db', 'bot', (draft) => (draft['roleRef'] = { kind: 'Role', name: 'x' }));
    expect(edit).toThrow(/roleRef: .*cannot change roleRef/);
  });

  it('meets whoever wants to be somebody else', () => {
    expect(() => impersonate(BOT, 'admin', wish('list', 'pods'))).toThrow(/impersonate-on:user-info:list/);
    expect(impersonate(ADMIN, 'system:serviceaccount:db:bot', wish('list', 'pods')).groups).toContain(
      'system:serviceaccounts:db',
    );
  });
});

describe('a token', () => {
  const cluster = () => {
    const api = clusterWith([]);
    let at = 0;
    const tokens = createTokens({ now: () => at, named: { 'admin-token': ADMIN } });
    const account = { name: 'bot', namespace: 'db' };
    put(api, 'serviceaccounts', account, {});
    const forget = () => {
      const type = api.find('', 'serviceaccounts');
      if (type) api.delete(type, 'db', 'bot');
    };
    return { api, tokens, account, forget, advance: (ms: number) => (at += ms) };
  };

  it('tells whose it is; none at all is anonymous, a wrong one 401', () => {
    const { api, tokens } = cluster();
    expect(tokens.userOf(api, 'Bearer admin-token')).toBe(ADMIN);
    expect(tokens.userOf(api, undefined)).toBe(ANONYMOUS);
    expect(() => tokens.userOf(api, 'Bearer wrong')).toThrow('Unauthorized');
    expect(() => tokens.userOf(api, 'Bearer constructor')).toThrow('Unauthorized');
  });

  it('of a service account ends with its time, and with the account, also when that is created anew', () => {
    const { api, tokens, account, forget, advance } = cluster();
    const short = tokens.issue(api, account, 1_000);
    tokens.grant(api, 'fixed', account);
    expect(tokens.userOf(api, `Bearer ${short}`).name).toBe('system:serviceaccount:db:bot');
    advance(1_000);
    expect(() => tokens.userOf(api, `Bearer ${short}`)).toThrow('Unauthorized');
    expect(tokens.find(api, 'fixed')?.name).toBe('system:serviceaccount:db:bot');
    forget();
    expect(tokens.find(api, 'fixed')).toBeNull();
    put(api, 'serviceaccounts', account, {});
    expect(tokens.find(api, 'fixed')).toBeNull();
  });
});

describe('a review', () => {
  it('of oneself answers what the authoriser would', () => {
    const api = clusterWith([core(['list'], ['pods'])]);
    const reviews = createReviews(createTokens({ now: () => 0, named: {} }));
    const review = reviews.find(({ plural }) => plural === 'selfsubjectaccessreviews');
    const answer = (spec: object) =>
      review?.create({ api, user: BOT, namespace: null, name: null, body: { metadata: {}, spec }, now: 0 });
    const ask = (verb: string) => answer({ resourceAttributes: { namespace: 'db', verb, resource: 'pods' } });
    expect(ask('list')).toMatchObject({ status: { allowed: true } });
    expect(ask('delete')).toMatchObject({ status: { allowed: false } });
    expect(() => answer({})).toThrow(/exactly one of/);
  });
});
