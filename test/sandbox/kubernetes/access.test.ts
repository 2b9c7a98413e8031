import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Access, createAccess } from '../../../sandbox/kubernetes/api/access/create-access.ts';
import {
  createSandboxKubernetes,
  type SandboxKubernetes,
} from '../../../sandbox/kubernetes/create-sandbox-kubernetes.ts';
import { ask, CONFIG_MAPS, configMap, PODS } from './ask.ts';

let access: Access;
let cluster: SandboxKubernetes;
beforeAll(async () => {
  access = createAccess({ now: () => 0 });
  cluster = await createSandboxKubernetes(access.hooks);
  const rbac = '/apis/rbac.authorization.k8s.io/v1/namespaces/default';
  const admin = as('admin-token');
  const rules = [{ apiGroups: [''], resources: ['pods'], verbs: ['list'] }];
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'bot' };
  const subjects = [{ kind: 'ServiceAccount', name: 'bot', namespace: 'default' }];
  await ask(cluster, 'POST', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'bot' } }, admin);
  await ask(cluster, 'POST', `${rbac}/roles`, { metadata: { name: 'bot' }, rules }, admin);
  await ask(cluster, 'POST', `${rbac}/rolebindings`, { metadata: { name: 'bot' }, roleRef, subjects }, admin);
  access.tokens.grant(cluster.api, 'bot-token', { namespace: 'default', name: 'bot' });
});
afterAll(() => cluster.close());

const as = (token: string) => ({ authorization: `Bearer ${token}` });
const status = async (method: string, path: string, headers: Readonly<Record<string, string>> = {}) =>
  (await ask(cluster, method, path, undefined, headers)).status;

it('nobody is anonymous, a wrong token is nobody', async () => {
  expect([await status('GET', PODS), await status('GET', PODS, as('wrong'))]).toEqual([403, 401]);
  expect(await status('GET', '/livez')).toBe(200);
});

it('kubectl, which sends no token over plain HTTP, is the person in front of it; with a token it is whose that is', async () => {
  const kubectl = { 'user-agent': 'kubectl/v1.32.4 (linux/amd64) kubernetes/4cb5f07' };
  expect(await status('DELETE', `${PODS}/none`, kubectl)).toBe(404);
  expect(await status('DELETE', `${PODS}/none`, { ...kubectl, ...as('bot-token') })).toBe(403);
});

it('a service account may do what its roles say, and is refused before anything is looked up', async () => {
  const bot = as('bot-token');
  expect(await status('GET', PODS, bot)).toBe(200);
  expect(await status('DELETE', `${PODS}/none`, bot)).toBe(403);
  expect(await status('DELETE', `${PODS}/none`, as('admin-token'))).toBe(404);
});

it('a review says the same as the refusal, and a denied one is 201', async () => {
  const review = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
  const spec = { resourceAttributes: { namespace: 'default', verb: 'delete', resource: 'pods' } };
  const { status: code, body } = await ask(cluster, 'POST', review, { spec }, as('bot-token'));
  expect([code, body.status]).toEqual([201, { allowed: false }]);
});

it('only the administrator counts as somebody else', async () => {
  const bot = { 'impersonate-user': 'system:serviceaccount:default:bot' };
  expect(await status('DELETE', `${PODS}/none`, { ...as('admin-token'), ...bot })).toBe(403);
  expect(await status('GET', PODS, { ...as('bot-token'), 'impersonate-user': 'admin' })).toBe(403);
});

it('nobody gives away more than they have', async () => {
  const roles = '/apis/rbac.authorization.k8s.io/v1/clusterroles';
  const grow = { apiGroups: ['rbac.authorization.k8s.io'], resources: ['clusterroles'], verbs: ['create'] };
  const admin = as('admin-token');
  await ask(cluster, 'POST', roles, { metadata: { name: 'grow' }, rules: [grow] }, admin);
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'grow' };
  const subjects = [{ kind: 'ServiceAccount', name: 'bot', namespace: 'default' }];
  await ask(
    cluster,
    'POST',
    roles.replace('clusterroles', 'clusterrolebindings'),
    { metadata: { name: 'grow' }, roleRef, subjects },
    admin,
  );
  const wide = { metadata: { name: 'wide' }, rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }] };
  const { status: code, body } = await ask(cluster, 'POST', roles, wide, as('bot-token'));
  expect([code, body.message]).toEqual([403, expect.stringContaining('not currently held')]);
});

it('what was written has its writer', async () => {
  const { body } = await ask(
    cluster,
    'POST',
    `${CONFIG_MAPS}?fieldManager=me`,
    configMap('mine', { k: 'v' }),
    as('admin-token'),
  );
  expect(body.metadata.managedFields).toMatchObject([
    { manager: 'me', operation: 'Update', fieldsV1: { 'f:data': { 'f:k': {} } } },
  ]);
});
