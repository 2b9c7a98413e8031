import { describe, expect, it, onTestFinished } from 'vitest';
import { decideRetryDelay } from '../../src/kubernetes/backoff.ts';
import { type ResourceWatch, STALE_AFTER_MS, watchResource } from '../../src/kubernetes/watch-resource.ts';
import { type FakeApiServer, sendStatus } from '../support/fake-api-server.ts';
import { createMovableClock, type MovableClock } from '../support/movable-clock.ts';
import { createRecordedLog } from '../support/recorded-log.ts';
import { makeClient, podObject, startServer, until } from './world.ts';

const path = '/api/v1/pods';
type PodObject = ReturnType<typeof podObject>;

interface Watching {
  readonly watch: ResourceWatch;
  /** What the sink was told, in order. */
  readonly told: readonly string[];
  readonly clock: MovableClock;
}

function startWatch(server: FakeApiServer): Watching {
  const clock = createMovableClock();
  const told: string[] = [];
  const watch = watchResource<PodObject>({
    client: makeClient(server, { clock }),
    what: 'pods',
    path,
    parse: (object) => object as PodObject,
    sink: {
      replace: (items) => told.push(`list ${items.map(({ metadata }) => metadata.name).join(',')}`),
      put: ({ metadata }) => told.push(`put ${metadata.name}`),
      remove: ({ metadata }) => told.push(`remove ${metadata.name}`),
    },
    clock,
    random: () => 1,
    log: createRecordedLog(),
  });
  onTestFinished(() => watch.close());
  return { watch, told, clock };
}

const open = (server: FakeApiServer): Promise<void> => until(() => server.watching(path) === 1);
const watchesOf = (server: FakeApiServer) => server.requests.filter(({ query }) => query.has('watch'));
const listsOf = (server: FakeApiServer) => server.requests.filter(({ query }) => !query.has('watch'));
const bookmark = (version: number) => ({ kind: 'Pod', metadata: { resourceVersion: String(version) } });

describe('watching a resource', () => {
  it('lists, and watches from there', async () => {
    const server = await startServer();
    server.set(path, [podObject('a')]);
    const { watch, told } = startWatch(server);
    expect(watch.blind()?.reason).toContain('not been listed yet');
    await open(server);
    server.tell(path, 'ADDED', podObject('b', { version: 1_001 }));
    server.tell(path, 'MODIFIED', podObject('b', { version: 1_002 }));
    server.tell(path, 'DELETED', podObject('a', { version: 1_003 }));
    await until(() => told.length === 4);
    expect(told).toEqual(['list a', 'put b', 'put b', 'remove a']);
    expect(watch.blind()).toBeNull();
    const [first] = watchesOf(server);
    expect(Object.fromEntries(first?.query ?? [])).toEqual({
      watch: 'true',
      allowWatchBookmarks: 'true',
      resourceVersion: '1000',
      timeoutSeconds: '50',
    });
  });

  it.each(['end', 'cut'] as const)(
    'goes on from the last bookmark after the %s of its connection, without a list',
    async (how) => {
      const server = await startServer();
      const { clock } = startWatch(server);
      await open(server);
      server.tell(path, 'BOOKMARK', bookmark(1_234));
      await until(() => watchesOf(server).length === 1);
      await new Promise((resolve) => setTimeout(resolve, 20));
      server.endWatches(how);
      await until(() => server.watching(path) === 0);
      while (watchesOf(server).length < 2) {
        clock.skip(1_000);
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      expect(watchesOf(server)[1]?.query.get('resourceVersion')).toBe('1234');
      expect(listsOf(server)).toHaveLength(1);
    },
  );

  it('lists anew after an ERROR event that its version is too old', async () => {
    const server = await startServer();
    server.set(path, [podObject('a')]);
    const { told, clock } = startWatch(server);
    await open(server);
    server.set(path, [podObject('b')]);
    server.tell(path, 'ERROR', { kind: 'Status', status: 'Failure', reason: 'Expired', code: 410, message: 'too old' });
    while (told.length < 2) {
      clock.skip(1_000);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    expect(told).toEqual(['list a', 'list b']);
  });

  it('lists anew after a watch that said nothing at all: its version may be of another life of the store', async () => {
    const server = await startServer();
    const { told, clock } = startWatch(server);
    await open(server);
    server.endWatches('end');
    while (told.length < 2) {
      clock.skip(1_000);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    expect(told).toEqual(['list ', 'list ']);
  });

  it('is blind once nothing was heard for 90 s, and says why', async () => {
    const server = await startServer();
    const { watch, clock } = startWatch(server);
    await open(server);
    server.intercept((_, response) => {
      sendStatus(response, 503, 'ServiceUnavailable', 'apiserver is shutting down');
      return true;
    });
    server.tell(path, 'BOOKMARK', bookmark(1_001));
    await new Promise((resolve) => setTimeout(resolve, 20));
    const aliveAt = watch.aliveAt();
    server.endWatches('cut');
    await until(() => server.requests.length > 2);
    clock.skip(STALE_AFTER_MS - 5_000);
    expect(watch.blind()).toBeNull();
    clock.skip(5_000);
    await until(() => (watch.blind()?.reason ?? '').includes('shutting down'));
    expect(watch.blind()?.since).toBe(aliveAt);
    server.intercept(null);
    while (watch.blind() !== null) {
      clock.skip(31_000);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(listsOf(server)).toHaveLength(1);
  });

  it('breaks off a watch that should long have ended: the network lost it', async () => {
    const server = await startServer();
    const { clock } = startWatch(server);
    await open(server);
    clock.skip(61_000);
    await until(() => watchesOf(server).length === 2);
    expect(server.connections.peak).toBeLessThanOrEqual(3);
  });

  it('counts each bookmark and each new connection as a sign of life', async () => {
    const server = await startServer();
    const { watch, clock } = startWatch(server);
    await open(server);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const opened = watch.aliveAt() ?? 0;
    clock.skip(40_000);
    server.tell(path, 'BOOKMARK', bookmark(1_001));
    await until(() => (watch.aliveAt() ?? 0) >= opened + 40_000);
    server.endWatches('end');
    await until(() => watchesOf(server).length === 2 && server.watching(path) === 1);
    expect(watch.blind()).toBeNull();
  });

  it('tells why it may not list', async () => {
    const server = await startServer();
    server.intercept((_, response) => {
      sendStatus(response, 403, 'Forbidden', 'pods is forbidden: User "weak" cannot list resource "pods"');
      return true;
    });
    const { watch } = startWatch(server);
    await until(() => watch.blind()?.reason.includes('cannot list') === true);
    expect(watch.aliveAt()).toBeNull();
  });

  it('ends at once, also while the server is silent', async () => {
    const server = await startServer();
    server.intercept(({ query }) => query.has('watch'));
    const { watch, clock } = startWatch(server);
    await until(() => watchesOf(server).length === 1);
    await watch.close();
    expect(clock.sleepers).toBeLessThanOrEqual(1); // the leave-taking of the connection
  });
});

describe('the delay before another attempt', () => {
  it('doubles from 250 ms to 30 s, less up to a half', () => {
    const delays = [0, 1, 2, 3, 8, 100].map((attempt) => decideRetryDelay(attempt, () => 0));
    expect(delays).toEqual([0, 250, 500, 1_000, 30_000, 30_000]);
    expect(decideRetryDelay(3, () => 1)).toBe(500);
  });
});
