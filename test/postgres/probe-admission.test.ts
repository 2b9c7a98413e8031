import { rmSync, writeFileSync } from 'node:fs';
import { connect as connectTcp, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createPlayer, type Player } from '../../sandbox/players/create-player.ts';
import { type Login, type RunningPostgres, startPostgres } from '../../sandbox/postgres/start-postgres.ts';
import type { Connection } from '../../src/postgres/connect.ts';
import { probeAdmission } from '../../src/postgres/probe-admission.ts';
import { systemClock } from '../../src/time/system-clock.ts';
import { fill } from '../support/fill.ts';
import { connectClient, runSql, SERVER_KINDS } from '../support/postgres.ts';

/** 10 slots, 3 of them for superusers; the rest of the settings keeps the limit on half-open clients as low. */
const SETTINGS = {
  max_connections: 10,
  superuser_reserved_connections: 3,
  max_wal_senders: 0,
  max_worker_processes: 0,
  autovacuum_max_workers: 1,
  autovacuum: false,
};
const ROLES = ['canary', 'site'].map((name) => ({ name, password: name }));

describe.each(SERVER_KINDS)('probeAdmission: $label', ({ binaries }) => {
  let server: RunningPostgres;
  let site: Player;
  let boss: Player;
  let canary: Connection;
  beforeAll(async () => {
    server = await startPostgres({
      binaries,
      settings: SETTINGS,
      roles: [...ROLES, { name: 'tight', password: 'tight', connectionLimit: 1 }],
      databases: [{ name: 'small', connectionLimit: 1 }],
    });
    const play = (login: Partial<Login>) =>
      createPlayer({ ...server.superuser, ...login, name: 'site', applicationName: '', localAddress: '127.10.0.1' });
    site = play({ user: 'site', password: 'site' });
    boss = play({});
    canary = { host: server.host, port: server.port, user: 'canary', password: 'canary', database: 'postgres' };
  });
  afterAll(() => server.close());
  afterEach(async () => {
    await Promise.all([site.terminateAll(), boss.terminateAll()]);
    await expect.poll(() => countClients(server), { timeout: 10_000 }).toBe(0);
  });
  const probe = (login: Partial<Connection> = {}, deadlineMs = 5_000) =>
    probeAdmission({ ...canary, ...login }, { clock: systemClock, deadlineMs });
  const readVerdict = async () => (await probe()).verdict;

  it('is admitted by a server with room', async () => {
    expect(await probe()).toMatchObject({ verdict: 'admitted', inferred: false, serverSaid: null });
  });

  it('finds only reserved slots left', async () => {
    await fill(site, 7);
    const { verdict, serverSaid } = await probe();
    expect(verdict).toBe('only-reserved-left');
    expect(serverSaid).toMatch(/^remaining connection slots are reserved/);
  });

  it('finds it completely full', async () => {
    await fill(site, 7);
    await fill(boss, 3);
    expect(await readVerdict()).toBe('completely-full');
  });

  it('finds it full of clients that never log in', async () => {
    const sockets = await openSilentSockets(server, 40);
    // The server counts them as it forks, some time after the kernel accepted them.
    await expect.poll(readVerdict, { timeout: 10_000 }).toBe('half-authenticated');
    for (const socket of sockets) socket.destroy();
    await expect.poll(readVerdict, { timeout: 10_000 }).toBe('admitted');
  });

  it("meets its role's limit", async () => {
    const held = await connectClient({ ...server.superuser, user: 'tight', password: 'tight' });
    expect((await probe({ user: 'tight', password: 'tight' })).verdict).toBe('role-limit');
    await held.end();
  });

  it("meets its database's limit", async () => {
    const held = await connectClient({ ...server.superuser, user: 'site', password: 'site', database: 'small' });
    expect((await probe({ database: 'small' })).verdict).toBe('database-limit');
    await held.end();
  });

  it.each([
    ['a wrong password', { password: 'secret-9' }, 'auth-refused'],
    ['no password', { password: undefined }, 'auth-refused'],
    ['no such role', { user: 'nobody' }, 'auth-refused'],
    ['no such database', { database: 'nowhere' }, 'no-such-database'],
    ['TLS that is not offered', { ssl: {} }, 'tls-failed'],
  ] as const)('is refused for %s', async (_case, login, verdict) => {
    const admission = await probe(login);
    expect(admission.verdict).toBe(verdict);
    expect(JSON.stringify(admission)).not.toContain('secret-9');
  });

  it('finds it shutting down, then stopped', async () => {
    const held = await connectClient(server.superuser);
    const stopped = server.stop('smart');
    await expect.poll(readVerdict).toBe('shutting-down');
    await held.end();
    await stopped;
    expect(await readVerdict()).toBe('stopped');
    await server.restart();
  });

  it('finds it frozen', async () => {
    await server.freeze();
    expect((await probe({}, 300)).verdict).toBe('frozen');
    await server.thaw();
  });

  it('finds it in crash recovery after a backend was killed', async () => {
    // The frozen one delays the end of the others, for which the server waits before it recovers.
    const [slow, victim] = await Promise.all([connectClient(server.superuser), connectClient(server.superuser)]);
    const [slowPid, victimPid] = await Promise.all([readPid(slow), readPid(victim)]);
    process.kill(slowPid, 'SIGSTOP');
    process.kill(victimPid, 'SIGKILL');
    await expect.poll(readVerdict).toBe('crash-recovery');
    process.kill(slowPid, 'SIGCONT');
    await expect.poll(readVerdict, { timeout: 10_000 }).toBe('admitted');
  });

  it('finds it starting, then a read-only standby', async () => {
    const signalFile = join(server.dataDirectory, 'standby.signal');
    writeFileSync(signalFile, '');
    // Fetches the first file for as long as the server lives, and not a moment longer.
    await runSql(
      server.superuser,
      "alter system set restore_command = 'while kill -0 $PPID 2>/dev/null; do sleep 0.05; done; exit 1'",
    );
    await server.restart({ wait: false });
    await expect.poll(readVerdict).toBe('starting');

    rmSync(join(server.dataDirectory, 'postgresql.auto.conf'));
    await server.restart();
    await expect.poll(readVerdict, { timeout: 10_000 }).toBe('read-only');
    rmSync(signalFile);
    await server.restart();
  });
});

async function countClients(server: RunningPostgres): Promise<number> {
  const client = await connectClient(server.superuser);
  const { rows } = await client.query<{ count: number }>(`
    select count(*)::int from pg_stat_activity
    where backend_type = 'client backend' and pid <> pg_backend_pid()`);
  await client.end();
  return rows[0]?.count ?? 0;
}

async function readPid(client: Awaited<ReturnType<typeof connectClient>>): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  const pid = rows[0]?.pid;
  if (pid === undefined) throw new Error('no pid');
  return pid;
}

function openSilentSockets({ host, port }: RunningPostgres, n: number): Promise<Socket[]> {
  const open = () =>
    new Promise<Socket>((resolve, reject) => {
      const socket = connectTcp({ host, port }, () => resolve(socket));
      socket.on('error', reject);
    });
  return Promise.all(Array.from({ length: n }, open));
}
