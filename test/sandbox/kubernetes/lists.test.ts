import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createSandboxKubernetes,
  type SandboxKubernetes,
} from '../../../sandbox/kubernetes/create-sandbox-kubernetes.ts';
import { createMovableClock, type MovableClock } from '../../support/movable-clock.ts';
import { ask, CONFIG_MAPS, configMap, patchAs, pod } from './ask.ts';

let cluster: SandboxKubernetes;
let clock: MovableClock;
beforeEach(async () => {
  clock = createMovableClock();
  cluster = await createSandboxKubernetes({ clock });
  for (const name of ['c', 'a', 'b', 'e', 'd'])
    await ask(cluster, 'POST', CONFIG_MAPS, configMap(name, {}, { even: String(name === 'b' || name === 'd') }));
});
afterEach(() => cluster.close());

async function names(query: string, path = CONFIG_MAPS): Promise<string> {
  const { body } = await ask(cluster, 'GET', path + query);
  return body.items?.map(({ metadata }: { metadata: { name: string } }) => metadata.name).join('') ?? body.reason;
}

const change = (name: string) =>
  ask(cluster, 'PATCH', `${CONFIG_MAPS}/${name}`, { data: { z: String(cluster.api.revision()) } }, patchAs('merge'));

it('is in the order of the names, with the version of now', async () => {
  const { body } = await ask(cluster, 'GET', CONFIG_MAPS);
  expect(await names('')).toBe('abcde');
  expect(body).toMatchObject({ kind: 'ConfigMapList', metadata: { resourceVersion: String(cluster.api.revision()) } });
  expect(body.items[0]).not.toHaveProperty('kind');
});

it.each([
  ['labelSelector=even%3Dtrue', 'bd'],
  ['labelSelector=even%20in%20(false)', 'ace'],
  ['labelSelector=!even', ''],
  ['fieldSelector=metadata.name%3Dc', 'c'],
  ['fieldSelector=metadata.name!%3Dc%2Cmetadata.namespace%3Ddefault', 'abde'],
  ['labelSelector=a%3D%3D%3Db', 'BadRequest'],
  ['fieldSelector=spec.x%3D1', 'BadRequest'],
])('is narrowed by %s', async (query, found) => {
  expect(await names(`?${query}`)).toBe(found);
});

it('finds pods by node and phase', async () => {
  const pods = '/api/v1/namespaces/default/pods';
  await ask(cluster, 'POST', pods, pod('p', { nodeName: 'node-a' }));
  await ask(cluster, 'PATCH', `${pods}/p/status`, { status: { phase: 'Running' } }, patchAs('merge'));
  expect(await names('?fieldSelector=spec.nodeName%3Dnode-a%2Cstatus.phase%3DRunning', '/api/v1/pods')).toBe('p');
  expect(await names('?fieldSelector=spec.nodeName%3Dnode-b', '/api/v1/pods')).toBe('');
});

describe('in pages', () => {
  const first = async (query = '?limit=2') => (await ask(cluster, 'GET', CONFIG_MAPS + query)).body.metadata;

  it('tells how many remain, unless something is selected', async () => {
    expect((await first()).remainingItemCount).toBe(3);
    expect((await first('?limit=1&labelSelector=even%3Dtrue')).remainingItemCount).toBeUndefined();
  });

  it('goes on as things stood at the first page', async () => {
    const { continue: token, resourceVersion } = await first();
    await ask(cluster, 'DELETE', `${CONFIG_MAPS}/d`);
    await ask(cluster, 'POST', CONFIG_MAPS, configMap('bb'));
    const { body } = await ask(cluster, 'GET', `${CONFIG_MAPS}?limit=3&continue=${token}`);
    expect(body.items.map((item: { metadata: { name: string } }) => item.metadata.name)).toEqual(['c', 'd', 'e']);
    expect(body.metadata).toEqual({ resourceVersion });
  });

  it('says 410 when that is forgotten, with a token that goes on as things are', async () => {
    const { continue: token } = await first();
    await ask(cluster, 'DELETE', `${CONFIG_MAPS}/d`);
    cluster.faults.compact();
    const { status, body } = await ask(cluster, 'GET', `${CONFIG_MAPS}?limit=9&continue=${token}`);
    expect([status, body.reason]).toEqual([410, 'Expired']);
    expect(await names(`?limit=9&continue=${body.metadata.continue}`)).toBe('ce');
  });

  it('goes over all namespaces without losing its place', async () => {
    await ask(cluster, 'POST', '/api/v1/namespaces/kube-system/configmaps', configMap('z'));
    const all = '/api/v1/configmaps';
    const seen: string[] = [];
    let token = '';
    do {
      const { body } = await ask(cluster, 'GET', `${all}?limit=1&continue=${token}`);
      seen.push(body.items[0].metadata.name);
      token = body.metadata.continue ?? '';
    } while (token !== '' && seen.length < 10);
    expect(seen.join('')).toBe('abcdez');
  });

  it.each([
    ['?limit=2&continue=abc', /invalid continue token/],
    ['?resourceVersion=5&continue=eyJydiI6MSwic3RhcnQiOiJhIn0', /resource version is not allowed when using continue/],
  ])('refuses %s', async (query, message) => {
    const { status, body } = await ask(cluster, 'GET', CONFIG_MAPS + query);
    expect(status).toBe(400);
    expect(body.message).toMatch(message);
  });
});

describe('at a version', () => {
  it('shows the past where it must be exact, and the present where it need not be older', async () => {
    const past = cluster.api.revision();
    await ask(cluster, 'DELETE', `${CONFIG_MAPS}/a`);
    await change('b');
    expect(await names(`?resourceVersion=${past}&resourceVersionMatch=Exact`)).toBe('abcde');
    expect(await names(`?resourceVersion=${past}&limit=9`)).toBe('abcde');
    expect(await names(`?resourceVersion=${past}`)).toBe('bcde');
    const { body } = await ask(cluster, 'GET', `${CONFIG_MAPS}?resourceVersion=${past}&resourceVersionMatch=Exact`);
    expect(body.items[1]).not.toHaveProperty('data.z');
    expect(body.metadata.resourceVersion).toBe(String(past));
  });

  it('says 410 for a past that is forgotten, but only where it must be exact', async () => {
    const past = cluster.api.revision();
    await change('b');
    cluster.faults.compact();
    expect(await names(`?resourceVersion=${past}&resourceVersionMatch=Exact`)).toBe('Expired');
    expect(await names(`?resourceVersion=${past}&limit=1`)).toBe('Expired');
    expect(await names(`?resourceVersion=${past}`)).toBe('abcde');
  });

  it('gives all of it for version 0, whatever the limit', async () => {
    expect(await names('?resourceVersion=0&limit=1')).toBe('abcde');
  });

  it('says 504 for a version of the future, after three seconds', async () => {
    const asked = ask(cluster, 'GET', `${CONFIG_MAPS}?resourceVersion=999999999`);
    while (clock.sleepers === 0) await new Promise((resolve) => setImmediate(resolve));
    clock.skip(3_000);
    const { status, headers, body } = await asked;
    expect([status, headers.get('retry-after'), body.details.causes[0].reason]).toEqual([
      504,
      '1',
      'ResourceVersionTooLarge',
    ]);
  });

  it('refuses what is no version', async () => {
    const { status, body } = await ask(cluster, 'GET', `${CONFIG_MAPS}?resourceVersion=abc`);
    expect([status, body.reason]).toEqual([500, undefined]);
  });
});

it('forgets the oldest when too much has changed', async () => {
  const small = await createSandboxKubernetes({ historyLimit: 4 });
  const past = small.api.revision();
  for (const name of ['1', '2', '3', '4', '5']) await ask(small, 'POST', CONFIG_MAPS, configMap(name));
  const { status } = await ask(small, 'GET', `${CONFIG_MAPS}?resourceVersion=${past}&resourceVersionMatch=Exact`);
  await small.close();
  expect(status).toBe(410);
});
