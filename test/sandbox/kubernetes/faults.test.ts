import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  createSandboxKubernetes,
  type SandboxKubernetes,
} from '../../../sandbox/kubernetes/create-sandbox-kubernetes.ts';
import { createCertificate } from '../../support/certificate.ts';
import { createMovableClock, type MovableClock } from '../../support/movable-clock.ts';
import { ask, CONFIG_MAPS, configMap, DEPLOYMENTS } from './ask.ts';
import { openWatch } from './open-watch.ts';

let cluster: SandboxKubernetes;
let clock: MovableClock;
beforeEach(async () => {
  clock = createMovableClock();
  cluster = await createSandboxKubernetes({ clock });
});
afterEach(() => cluster.close());

it.each([
  [409, 'application/json', { reason: 'Conflict' }],
  [429, 'text/plain; charset=utf-8', 'Too many requests, please try again later.\n'],
  [500, 'application/json', { reason: 'InternalError' }],
] as const)('%i is answered so many times, as the server words it', async (code, type, said) => {
  cluster.faults.set({ kind: 'refuse', code, times: 2 });
  for (const _ of [1, 2]) {
    const { status, headers, body } = await ask(cluster, 'GET', CONFIG_MAPS);
    expect([status, headers.get('content-type')]).toEqual([code, type]);
    expect(headers.get('retry-after')).toBe(code === 429 ? '1' : null);
    if (typeof said === 'string') expect(body).toBe(said);
    else expect(body).toMatchObject(said);
  }
  expect((await ask(cluster, 'GET', CONFIG_MAPS)).status).toBe(200);
});

it.each([
  [403, `${DEPLOYMENTS}/site`, 'Forbidden', /^deployments.apps "site" is forbidden: User "system:admin" cannot get/],
  [403, DEPLOYMENTS, 'Forbidden', /^deployments.apps is forbidden: User "system:admin" cannot list/],
  [404, `${DEPLOYMENTS}/site`, 'NotFound', /^deployments.apps "site" not found$/],
  [404, DEPLOYMENTS, 'NotFound', /^the server could not find the requested resource$/],
] as const)('%i for %s names what was asked for', async (code, path, reason, message) => {
  cluster.faults.set({ kind: 'refuse', code });
  const { status, body } = await ask(cluster, 'GET', path);
  expect([status, body.reason, body.message]).toEqual([code, reason, expect.stringMatching(message)]);
  expect(body.details?.name).toBe(path === DEPLOYMENTS ? undefined : 'site');
});

it.each([
  [7, '7'],
  [null, null],
])('is busy, and says when to come back where it knows (%s)', async (retryAfterSeconds, header) => {
  cluster.faults.set({ kind: 'busy', retryAfterSeconds });
  const { status, headers } = await ask(cluster, 'GET', CONFIG_MAPS);
  expect([status, headers.get('retry-after')]).toEqual([429, header]);
});

it.each(['before', 'after'] as const)('garbage comes %s the act', async (when) => {
  cluster.faults.set({ kind: 'garbage', when, times: 1 });
  const { status, headers, body } = await ask(cluster, 'POST', CONFIG_MAPS, configMap('a'));
  expect([status, headers.get('content-type'), body]).toEqual([200, 'text/html', expect.stringMatching(/^<html>/)]);
  expect((await ask(cluster, 'GET', `${CONFIG_MAPS}/a`)).status).toBe(when === 'after' ? 200 : 404);
});

it('504 is JSON that forgets its kind, sent as text', async () => {
  cluster.faults.set({ kind: 'refuse', code: 504 });
  const { status, headers, body } = await ask(cluster, 'GET', CONFIG_MAPS);
  expect([status, headers.get('content-type')]).toEqual([504, 'text/plain; charset=utf-8']);
  expect(JSON.parse(body)).toMatchObject({ status: 'Failure', reason: 'Timeout', code: 504 });
  expect(JSON.parse(body)).not.toHaveProperty('kind');
});

it.each(['before', 'after'] as const)('an answer is lost %s the act', async (when) => {
  cluster.faults.set({ kind: 'refuse', code: 504, when, times: 1 });
  expect((await ask(cluster, 'POST', CONFIG_MAPS, configMap('a'))).status).toBe(504);
  expect((await ask(cluster, 'GET', `${CONFIG_MAPS}/a`)).status).toBe(when === 'after' ? 200 : 404);
});

it('strikes only what it names', async () => {
  const off = cluster.faults.set({ kind: 'refuse', code: 500, method: 'GET', path: /deployments$/ });
  expect((await ask(cluster, 'GET', CONFIG_MAPS)).status).toBe(200);
  expect((await ask(cluster, 'GET', DEPLOYMENTS)).status).toBe(500);
  off();
  expect((await ask(cluster, 'GET', DEPLOYMENTS)).status).toBe(200);
});

it('closes the socket in the middle', async () => {
  cluster.faults.set({ kind: 'drop', times: 1 });
  await expect(ask(cluster, 'GET', CONFIG_MAPS)).rejects.toThrow('fetch failed');
});

it('hangs until it is switched off', async () => {
  const off = cluster.faults.set({ kind: 'hang' });
  const asked = ask(cluster, 'GET', CONFIG_MAPS);
  await expect.poll(() => cluster.requests.at(-1)?.path).toBe(CONFIG_MAPS);
  expect(cluster.requests.at(-1)?.status).toBeNull();
  off();
  expect((await asked).status).toBe(200);
});

it('does not do what hung, once nobody waits for it any more', async () => {
  const off = cluster.faults.set({ kind: 'hang' });
  const body = JSON.stringify(configMap('a'));
  const headers = { 'content-type': 'application/json' };
  const over = new AbortController();
  const asked = fetch(cluster.url + CONFIG_MAPS, { method: 'POST', body, headers, signal: over.signal });
  await expect.poll(() => cluster.requests.length).toBe(1);
  over.abort();
  await expect(asked).rejects.toThrow('aborted');
  await expect.poll(() => cluster.connections()).toBe(0);
  off();
  expect((await ask(cluster, 'GET', `${CONFIG_MAPS}/a`)).status).toBe(404);
});

it('hangs after the act, and breaks off when it is switched off', async () => {
  const off = cluster.faults.set({ kind: 'hang', when: 'after', method: 'POST' });
  const asked = ask(cluster, 'POST', CONFIG_MAPS, configMap('a')).catch(String);
  await expect.poll(async () => (await ask(cluster, 'GET', `${CONFIG_MAPS}/a`)).status).toBe(200);
  expect(cluster.requests[0]).toMatchObject({ status: null, open: true });
  off();
  expect(await asked).toMatch(/fetch failed/);
  expect(cluster.requests[0]).toMatchObject({ status: null, open: false });
});

it('is slow', async () => {
  cluster.faults.set({ kind: 'slow', ms: 60_000, times: 1 });
  const asked = ask(cluster, 'GET', CONFIG_MAPS);
  await expect.poll(() => clock.sleepers).toBe(1);
  clock.skip(60_000);
  expect((await asked).status).toBe(200);
});

it('counts connections, and cuts them all', async () => {
  const watch = await openWatch(cluster, `${CONFIG_MAPS}?watch=true`);
  expect(cluster.connections()).toBe(1);
  cluster.faults.closeSockets();
  expect(await watch.next()).toBeNull();
  await expect.poll(() => cluster.connections()).toBe(0);
  expect((await ask(cluster, 'GET', CONFIG_MAPS)).status).toBe(200);
});

it('records each request, of a watch as soon as it stands', async () => {
  await ask(cluster, 'GET', `${CONFIG_MAPS}/nope`);
  const watch = await openWatch(cluster, `${CONFIG_MAPS}?watch=true`);
  expect(cluster.requests.map(({ method, path, status }) => [method, path, status])).toEqual([
    ['GET', `${CONFIG_MAPS}/nope`, 404],
    ['GET', `${CONFIG_MAPS}?watch=true`, 200],
  ]);
  watch.close();
});

it('ends at once, whatever sleeps or hangs', async () => {
  cluster.faults.set({ kind: 'slow', ms: 600_000, method: 'GET' });
  cluster.faults.set({ kind: 'hang', method: 'POST' });
  const asked = [ask(cluster, 'GET', CONFIG_MAPS), ask(cluster, 'POST', CONFIG_MAPS, configMap('a'))];
  const over = Promise.allSettled(asked);
  await expect.poll(() => cluster.requests.length).toBe(2);
  const revision = cluster.api.revision();
  await cluster.close();
  expect((await over).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect([clock.sleepers, cluster.api.revision()]).toEqual([0, revision]);
});

it('speaks TLS, and its kubeconfig carries the authority', async () => {
  const startsAt = Date.now() - (Date.now() % 1_000) - 60_000;
  const tls = createCertificate({ names: ['127.0.0.1'], startsAt, endsAt: startsAt + 3_600_000 });
  const secure = await createSandboxKubernetes({ tls });
  const authority = Buffer.from(tls.cert).toString('base64');
  await secure.close();
  expect(secure.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
  expect(secure.kubeconfig()).toContain(authority);
});
