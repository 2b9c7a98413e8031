import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type PostgresOptions, type RunningPostgres, startPostgres } from '../../../sandbox/postgres/start-postgres.ts';
import { connectClient, runSql, SERVER_KINDS } from '../../support/postgres.ts';

const started: RunningPostgres[] = [];
const start = async (options: PostgresOptions = {}) => {
  const server = await startPostgres(options);
  started.push(server);
  return server;
};
afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.close()));
});

describe.each(SERVER_KINDS)('startPostgres: $label', ({ binaries }) => {
  it('has the settings, roles and databases that it was given', async () => {
    const server = await start({
      binaries,
      settings: { max_connections: 17, cluster_name: "it's" },
      roles: [{ name: 'we"ird', password: "it's", memberOf: ['pg_monitor'] }],
      databases: [{ name: 'si"te', owner: 'we"ird' }],
    });
    const client = await connectClient({ ...server.superuser, user: 'we"ird', password: "it's", database: 'si"te' });
    const { rows } = await client.query<object>(`
      select current_setting('max_connections') as max, current_setting('cluster_name') as name,
        pg_has_role('pg_monitor', 'usage') as monitors`);
    await client.end();
    expect(rows).toEqual([{ max: '17', name: "it's", monitors: true }]);
    // Not even the superuser comes in without the password.
    await expect(connectClient({ ...server.superuser, password: 'wrong' })).rejects.toMatchObject({ code: '28P01' });
  });

  it('keeps port and data over a restart', async () => {
    const server = await start({ binaries });
    const before = server.pid;
    await runSql(server.superuser, 'create table kept ()');
    await server.restart();
    expect(server.pid).not.toBe(before);
    await runSql(server.superuser, 'table kept');
  });

  it('comes back after its postmaster was killed', async () => {
    const server = await start({ binaries });
    await server.kill('SIGKILL');
    expect(server.pid).toBeNull();
    await server.restart();
    await runSql(server.superuser, 'select 1');
  });

  it('leaves neither process nor directory, closed while frozen with a client inside', async () => {
    const server = await start({ binaries });
    const { pid, dataDirectory } = server;
    const client = await connectClient(server.superuser);
    await server.freeze();
    await server.close();
    await client.end();
    expect(isAlive(pid)).toBe(false);
    expect(existsSync(dirname(dataDirectory))).toBe(false);
  });
});

describe('startPostgres', () => {
  it('is closed twice without complaint', async () => {
    const server = await start();
    await server.close();
    await server.close();
    expect(isAlive(server.pid)).toBe(false);
  });

  it('resolves a smart stop that its clients held up when the server is closed', async () => {
    const server = await start();
    const client = await connectClient(server.superuser);
    const stopped = server.stop('smart');
    await server.close();
    await stopped;
    await client.end();
    expect(server.pid).toBeNull();
  });

  it('starts several at once, each on a port of its own', async () => {
    const servers = await Promise.all([start(), start(), start()]);
    expect(new Set(servers.map(({ port }) => port)).size).toBe(3);
  });

  it('fails with what the server said about a bad setting, and leaves nothing', async () => {
    await expect(start({ settings: { no_such_setting: 1 } })).rejects.toThrow(/no_such_setting/);
  });

  it('fails by name on a port that is taken', async () => {
    const { port } = await start();
    await expect(start({ port })).rejects.toThrow(/Address already in use/);
  });

  it('fails on binaries that are absent', async () => {
    await expect(start({ binaries: '/nonexistent/bin' })).rejects.toThrow(/nonexistent/);
  });
});

function isAlive(pid: number | null): boolean {
  return pid !== null && existsSync(`/proc/${pid}`);
}
