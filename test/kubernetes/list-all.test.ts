import { describe, expect, it } from 'vitest';
import { LIST_DEADLINE_MS, listAll } from '../../src/kubernetes/list-all.ts';
import { systemClock } from '../../src/time/system-clock.ts';
import { type Interception, sendStatus } from '../support/fake-api-server.ts';
import { createMovableClock } from '../support/movable-clock.ts';
import { makeClient, podObject, startServer, until } from './world.ts';

const path = '/api/v1/pods';
const nameOf = (object: unknown): string => (object as ReturnType<typeof podObject>).metadata.name;

function expireContinue(times: number): Interception {
  let left = times;
  return ({ query }, response) => {
    if (!query.has('continue') || left === 0) return false;
    left -= 1;
    sendStatus(response, 410, 'Expired', 'too old');
    return true;
  };
}

describe('listing a collection', () => {
  const pods = Array.from({ length: 5 }, (_, index) => podObject(`pod-${index}`));
  const names = pods.map(nameOf);

  it('goes through all pages, from the store and not from the cache', async () => {
    const server = await startServer({ pageSize: 2 });
    server.set(path, pods);
    const listed = await listAll(makeClient(server), systemClock, { path, parse: nameOf });
    expect(listed).toEqual({ items: names, resourceVersion: '1000' });
    expect(server.requests).toHaveLength(3);
    for (const { query } of server.requests) {
      expect(query.get('limit')).toBe('500');
      expect(query.has('resourceVersion')).toBe(false);
    }
  });

  it('starts anew, once, where its pages went out of date: never pages of two moments', async () => {
    const server = await startServer({ pageSize: 2 });
    server.set(path, pods);
    server.intercept(expireContinue(1));
    const client = makeClient(server);
    expect((await listAll(client, systemClock, { path, parse: nameOf })).items).toEqual(names);
    server.intercept(expireContinue(2));
    await expect(listAll(client, systemClock, { path, parse: nameOf })).rejects.toMatchObject({ fault: 'expired' });
  });

  it('has one deadline for all pages together', async () => {
    const server = await startServer({ pageSize: 2 });
    server.set(path, pods);
    const clock = createMovableClock();
    server.intercept(({ query }) => {
      if (!query.has('continue')) clock.skip(LIST_DEADLINE_MS - 1_000);
      return query.has('continue');
    });
    const listing = listAll(makeClient(server, { clock }), clock, { path, parse: nameOf }).catch(
      (error: unknown) => error,
    );
    await until(() => server.requests.length === 2);
    clock.skip(1_100);
    expect(await listing).toMatchObject({ fault: 'timeout' });
  });

  it('takes an empty list as Go writes it', async () => {
    const server = await startServer();
    server.intercept((_, response) => {
      response.end('{"kind":"PodList","metadata":{"resourceVersion":"7"},"items":null}');
      return true;
    });
    expect(await listAll(makeClient(server), systemClock, { path, parse: nameOf })).toEqual({
      items: [],
      resourceVersion: '7',
    });
  });
});
