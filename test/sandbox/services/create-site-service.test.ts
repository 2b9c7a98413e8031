import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createPlayer } from '../../../sandbox/players/create-player.ts';
import { type RunningPostgres, startPostgres } from '../../../sandbox/postgres/start-postgres.ts';
import { createSiteService } from '../../../sandbox/services/create-site-service.ts';
import { probeService } from '../../../src/probes/probe-service.ts';
import { fill } from '../../support/fill.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { connectClient } from '../../support/postgres.ts';

/** 5 slots, 3 of them for superusers: 2 for `site`. */
let server: RunningPostgres;
beforeAll(async () => {
  server = await startPostgres({
    settings: { max_connections: 5, max_wal_senders: 0, client_connection_check_interval: '100ms' },
    roles: [{ name: 'site', password: 'site' }],
  });
});
afterAll(() => server.close());

const asSite = (localAddress: string) => {
  const { host, port } = server;
  const login = { host, port, user: 'site', password: 'site', database: 'postgres' };
  return { ...login, applicationName: 'site', localAddress };
};

async function start(options: { readonly sql?: string; readonly answerWithinMs?: number } = {}) {
  const service = await createSiteService({ login: asSite('127.10.0.11'), ...options });
  onTestFinished(() => service.close());
  return service;
}

const statusOf = async (url: string) =>
  (await probeService(url, { timeoutMs: 10_000, clock: createManualClock() })).status;

async function countSessions(): Promise<number> {
  const client = await connectClient(server.superuser);
  const { rows } = await client.query<{ n: number }>(
    "select count(*)::int as n from pg_stat_activity where usename = 'site'",
  );
  await client.end();
  return rows[0]?.n ?? Number.NaN;
}

describe('a site that needs its PostgreSQL', () => {
  it('answers 200 while it gets in, and leaves no session behind', async () => {
    const { url } = await start();
    expect(await statusOf(url)).toBe(200);
    await expect.poll(countSessions).toBe(0);
  });

  it('answers 503 while PostgreSQL is full, and 200 when there is room again', async () => {
    const service = await start();
    const player = createPlayer({ ...asSite('127.10.0.14'), name: 'site-leak' });
    onTestFinished(() => player.terminateAll());
    await fill(player, 2);
    expect(await statusOf(service.url)).toBe(503);
    await player.terminateAll();
    await expect.poll(() => statusOf(service.url)).toBe(200);
    expect(service.statuses()[0]).toBe(503);
  });

  it('answers 524 while PostgreSQL says nothing, and lets go of it', async () => {
    const { url } = await start({ sql: 'select pg_sleep(600)', answerWithinMs: 50 });
    expect(await statusOf(url)).toBe(524);
    const frozen = await start({ answerWithinMs: 50 });
    await server.freeze();
    expect(await statusOf(frozen.url)).toBe(524);
    await server.thaw();
    await expect.poll(countSessions).toBe(0);
  });

  it('can be closed while a request waits for PostgreSQL', async () => {
    const service = await createSiteService({ login: asSite('127.10.0.11'), sql: 'select pg_sleep(600)' });
    const given = statusOf(service.url);
    await expect.poll(countSessions).toBeGreaterThan(0);
    await service.close();
    expect(await given).toBeNull();
  });
});
