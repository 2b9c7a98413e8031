import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createPlayer, type Player } from '../../../sandbox/players/create-player.ts';
import { type RunningPostgres, startPostgres } from '../../../sandbox/postgres/start-postgres.ts';
import { fill } from '../../support/fill.ts';
import { connectClient } from '../../support/postgres.ts';

/** 10 slots, 3 of them for superusers: 7 for players. */
let server: RunningPostgres;
beforeAll(async () => {
  server = await startPostgres({
    settings: { max_connections: 10, max_wal_senders: 0 },
    roles: [{ name: 'site', password: 'site' }],
  });
});
afterAll(() => server.close());

const players: Player[] = [];
afterEach(async () => {
  await Promise.all(players.splice(0).map((player) => player.terminateAll()));
  await expect.poll(readStates).toEqual([]);
});
function playSite(localAddress: string): Player {
  const { host, port } = server;
  const login = { host, port, user: 'site', password: 'site', database: 'postgres' };
  const player = createPlayer({ ...login, name: 'site-1', applicationName: 'site/1', localAddress });
  players.push(player);
  return player;
}

describe('a player', () => {
  it('opens idle sessions from its own address under its own name', async () => {
    const player = playSite('127.10.0.7');
    expect(await player.open(3)).toEqual({ opened: 3, refused: 0 });
    expect(player.count()).toBe(3);
    expect(await readStates()).toEqual(Array.from({ length: 3 }, () => 'site/1 127.10.0.7 idle'));
  });

  it('counts refusals when the server is full, and goes on', async () => {
    const player = playSite('127.10.0.7');
    await fill(player, 7);
    const before = player.refused();
    expect(await player.open(2)).toEqual({ opened: 0, refused: 2 });
    await player.close(1);
    await expect.poll(async () => (await readStates()).length).toBe(6);
    await fill(player, 7);
    expect(player.refused()).toBeGreaterThanOrEqual(before + 2);
  });

  it('throws on a wrong login, which no scenario means', async () => {
    const { host, port } = server;
    const login = { host, port, user: 'site', password: 'wrong', database: 'postgres' };
    const player = createPlayer({ ...login, name: 'x', applicationName: 'x', localAddress: '127.10.0.7' });
    await expect(player.open(1)).rejects.toMatchObject({ code: '28P01' });
  });

  it('leaks until it is told to stop', async () => {
    const player = playSite('127.10.0.8');
    const stop = new AbortController();
    const leaking = player.leak(1000, 50, stop.signal);
    await expect.poll(() => player.count()).toBeGreaterThan(2);
    stop.abort();
    const { opened } = await leaking;
    expect(player.count()).toBe(opened);
  });

  it('opens nothing more once it is terminated', async () => {
    const player = playSite('127.10.0.8');
    const [leaking, opening] = [player.leak(1000, 1000), player.open(5)];
    await expect.poll(() => player.count()).toBeGreaterThan(0);
    await player.terminateAll();
    await Promise.all([leaking, opening]);
    expect(player.count()).toBe(0);
  });

  it('holds transactions, then rolls them back', async () => {
    const player = playSite('127.10.0.9');
    await player.open(2);
    await player.holdTransaction(1);
    expect(await readStates()).toEqual(['site/1 127.10.0.9 idle', 'site/1 127.10.0.9 idle in transaction']);
    await player.idle();
    expect(await readStates()).toEqual(['site/1 127.10.0.9 idle', 'site/1 127.10.0.9 idle']);
  });

  it('runs queries until it is thrown out, and survives that', async () => {
    const player = playSite('127.10.0.9');
    await player.open(2);
    player.runQueries(2, 1);
    const client = await connectClient(server.superuser);
    await client.query("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'site'");
    await client.end();
    await expect.poll(() => player.count()).toBe(0);
  });

  it('abandons sessions that then stay, until its sockets are closed', async () => {
    const player = playSite('127.10.0.10');
    await player.open(2);
    await player.holdTransaction(1);
    player.abandon();
    await player.idle();
    await player.close();
    expect(await readStates()).toEqual(['site/1 127.10.0.10 idle', 'site/1 127.10.0.10 idle in transaction']);
    await player.terminateAll();
    expect(player.count()).toBe(0);
    await expect.poll(readStates).toEqual([]);
  });
});

async function readStates(): Promise<string[]> {
  const client = await connectClient(server.superuser);
  const { rows } = await client.query<{ line: string }>(`
    select application_name || ' ' || host(client_addr) || ' ' || state as line
    from pg_stat_activity where usename = 'site' order by 1`);
  await client.end();
  return rows.map(({ line }) => line);
}
