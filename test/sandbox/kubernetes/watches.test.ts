import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createSandboxKubernetes,
  type SandboxKubernetes,
} from '../../../sandbox/kubernetes/create-sandbox-kubernetes.ts';
import { createMovableClock, type MovableClock } from '../../support/movable-clock.ts';
import { ask, CONFIG_MAPS, configMap, patchAs } from './ask.ts';
import { type OpenWatch, openWatch, type WatchLine } from './open-watch.ts';

let cluster: SandboxKubernetes;
let clock: MovableClock;
let watches: OpenWatch[];
beforeEach(async () => {
  watches = [];
  clock = createMovableClock();
  cluster = await createSandboxKubernetes({ clock, bookmarkIntervalMs: 10_000 });
});
afterEach(async () => {
  for (const watch of watches) watch.close();
  await cluster.close();
});

async function open(query = '', path = CONFIG_MAPS): Promise<OpenWatch> {
  const watch = await openWatch(cluster, `${path}?watch=true${query}`);
  watches.push(watch);
  return watch;
}

const create = (name: string, labels?: object) => ask(cluster, 'POST', CONFIG_MAPS, configMap(name, {}, labels));
const relabel = (name: string, page: string) =>
  ask(cluster, 'PATCH', `${CONFIG_MAPS}/${name}`, { metadata: { labels: { page } } }, patchAs('merge'));
const remove = (name: string) => ask(cluster, 'DELETE', `${CONFIG_MAPS}/${name}`);
const say = (line: WatchLine | null) => (line ? `${line.type} ${line.object.metadata.name}` : 'over');

async function take(watch: OpenWatch, count: number): Promise<string[]> {
  const taken: string[] = [];
  for (let i = 0; i < count; i += 1) taken.push(say(await watch.next()));
  return taken;
}

describe('what it tells', () => {
  it('is what there is, then each change in its order', async () => {
    await create('a');
    const watch = await open();
    await create('b');
    await relabel('a', 'x');
    await remove('b');
    expect(await take(watch, 4)).toEqual(['ADDED a', 'ADDED b', 'MODIFIED a', 'DELETED b']);
  });

  it('begins behind the version that it is asked from', async () => {
    await create('a');
    const from = cluster.api.revision();
    await create('b');
    await remove('a');
    const watch = await open(`&resourceVersion=${from}`);
    await create('c');
    expect(await take(watch, 3)).toEqual(['ADDED b', 'DELETED a', 'ADDED c']);
  });

  it('is what comes into the selection, changes in it and leaves it', async () => {
    await create('a', { page: 'n' });
    const watch = await open(`&labelSelector=page%3Dy&resourceVersion=${cluster.api.revision()}`);
    await relabel('a', 'y');
    await ask(cluster, 'PATCH', `${CONFIG_MAPS}/a`, { data: { k: '1' } }, patchAs('merge'));
    const { body } = await relabel('a', 'n');
    await relabel('a', 'm');
    await create('b', { page: 'y' });
    expect(await take(watch, 2)).toEqual(['ADDED a', 'MODIFIED a']);
    const left = await watch.next();
    expect(say(left)).toBe('DELETED a');
    expect(left?.object.metadata).toMatchObject({
      labels: { page: 'y' },
      resourceVersion: body.metadata.resourceVersion,
    });
    expect(say(await watch.next())).toBe('ADDED b');
  });

  it('is one namespace, or all of them', async () => {
    const [one, all] = [await open(), await open('', '/api/v1/configmaps')];
    await ask(cluster, 'POST', '/api/v1/namespaces/kube-system/configmaps', configMap('k'));
    await create('a');
    expect(await take(all, 2)).toEqual(['ADDED k', 'ADDED a']);
    expect(await take(one, 1)).toEqual(['ADDED a']);
  });

  it('is one resource', async () => {
    const watch = await open();
    await ask(cluster, 'POST', '/api/v1/namespaces/default/secrets', { metadata: { name: 's' } });
    await create('a');
    expect(await take(watch, 1)).toEqual(['ADDED a']);
  });

  it('of an object whose last finalizer goes is its end alone', async () => {
    const held = { metadata: { name: 'a', finalizers: ['example.com/hold'] } };
    await ask(cluster, 'POST', CONFIG_MAPS, held);
    await remove('a');
    const watch = await open(`&resourceVersion=${cluster.api.revision()}`);
    await ask(cluster, 'PATCH', `${CONFIG_MAPS}/a`, { metadata: { finalizers: null } }, patchAs('merge'));
    await create('b');
    expect(await take(watch, 2)).toEqual(['DELETED a', 'ADDED b']);
  });

  it('marks the end of what there was, when asked to', async () => {
    await create('a');
    const query = '&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
    const watch = await open(query);
    expect(say(await watch.next())).toBe('ADDED a');
    const mark = await watch.next();
    expect(mark).toMatchObject({
      type: 'BOOKMARK',
      object: { metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } } },
    });
  });
});

describe('its end', () => {
  it('comes when its time is up, with a bookmark', async () => {
    await create('a');
    const watch = await open(`&resourceVersion=${cluster.api.revision()}&timeoutSeconds=3&allowWatchBookmarks=true`);
    while (clock.sleepers === 0) await new Promise((resolve) => setImmediate(resolve));
    clock.skip(3_000);
    const lines = await watch.rest();
    expect(lines.map(({ type }) => type)).toEqual(['BOOKMARK']);
    expect(lines[0]?.object).toMatchObject({ kind: 'ConfigMap', metadata: { resourceVersion: expect.any(String) } });
  });

  it('comes when the server drops all watches', async () => {
    const watch = await open();
    cluster.faults.dropWatches();
    expect(await watch.next()).toBeNull();
    await create('a');
    expect(await take(await open(), 1)).toEqual(['ADDED a']);
  });

  it('leaves nothing asleep when the client goes', async () => {
    const watch = await open('&timeoutSeconds=600');
    while (clock.sleepers === 0) await new Promise((resolve) => setImmediate(resolve));
    watch.close();
    await expect.poll(() => clock.sleepers).toBe(0);
  });
});

it('tells the version from time to time, where bookmarks are welcome', async () => {
  const watch = await open(`&resourceVersion=${cluster.api.revision()}&allowWatchBookmarks=true`);
  while (clock.sleepers === 0) await new Promise((resolve) => setImmediate(resolve));
  clock.skip(10_000);
  expect((await watch.next())?.type).toBe('BOOKMARK');
});

it('from a version that is forgotten is 200, and one ERROR with the 410', async () => {
  const from = cluster.api.revision();
  await create('a');
  cluster.faults.compact();
  const watch = await open(`&resourceVersion=${from}`);
  const floor = cluster.api.revision();
  expect(watch.status).toBe(200);
  expect(await watch.rest()).toEqual([
    {
      type: 'ERROR',
      object: {
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Failure',
        message: `too old resource version: ${from} (${floor})`,
        reason: 'Expired',
        code: 410,
      },
    },
  ]);
});

it('refuses initial events without a match of the version', async () => {
  const { status, body } = await ask(cluster, 'GET', `${CONFIG_MAPS}?watch=true&sendInitialEvents=true`);
  expect([status, body.details.causes[0].field]).toEqual([422, 'resourceVersionMatch']);
});

it('shows rows or metadata alone to who asks for them', async () => {
  await create('a');
  const response = await fetch(`${cluster.url}${CONFIG_MAPS}?watch=true`, {
    headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' },
  });
  const { value } = (await response.body?.getReader().read()) ?? {};
  expect(JSON.parse(new TextDecoder().decode(value))).toMatchObject({
    type: 'ADDED',
    object: { kind: 'Table', rows: [{ cells: ['a', 0, expect.any(String)] }] },
  });
});
