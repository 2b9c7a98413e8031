import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type RunningPostgres, startPostgres } from '../../sandbox/postgres/start-postgres.ts';
import type { DatabaseActions } from '../../src/model/database-actions.ts';
import { connectActions } from '../support/database-actions.ts';
import { BOT_ROLES } from '../support/database-source.ts';
import { PGBOUNCER, startPgbouncer } from '../support/pgbouncer.ts';
import { connectClient, runSql, SERVER_KINDS } from '../support/postgres.ts';
import { startPostgresProxy } from '../support/postgres-proxy.ts';

describe.each(SERVER_KINDS)('readObstacle: $label', ({ binaries }) => {
  let server: RunningPostgres;
  beforeAll(async () => {
    server = await startPostgres({
      binaries,
      roles: [
        ...BOT_ROLES,
        { name: 'Looker', password: 'looker', memberOf: ['pg_monitor'] },
        { name: 'boss', password: 'boss', superuser: true },
      ],
    });
  });
  afterAll(() => server.close());
  const opened: DatabaseActions[] = [];
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((actions) => actions.close()));
  });
  const act = async (...[options]: [Parameters<typeof connectActions>[1]?]) => {
    const actions = await connectActions(server, options);
    opened.push(actions);
    return actions;
  };

  it('finds none where the role may end sessions', async () => {
    expect(await (await act()).readObstacle()).toBeNull();
    expect(await (await act({ connection: { user: 'boss', password: 'boss' } })).readObstacle()).toBeNull();
  });

  it('names the missing grant, and is gone once it is given', async () => {
    const actions = await act({ connection: { user: 'Looker', password: 'looker' } });
    const obstacle = await actions.readObstacle();
    expect(obstacle).toMatchObject({ kind: 'privilege', remedy: 'GRANT pg_signal_backend TO "Looker";' });
    await runSql(server.superuser, obstacle?.remedy ?? '');
    expect(await actions.readObstacle()).toBeNull();
    await runSql(server.superuser, 'revoke pg_signal_backend from "Looker"');
  });

  it('sees a pooler by the process id that it invents, on each connection anew', async () => {
    const proxy = await startPostgresProxy(server);
    const actions = await act({ connection: { port: proxy.port } });
    expect(await actions.readObstacle()).toBeNull();
    const reconnect = () =>
      runSql(
        server.superuser,
        "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'breakwater' and backend_type = 'client backend'",
      );
    proxy.inventKeys = true;
    await reconnect();
    await expect
      .poll(() => actions.readObstacle(), { timeout: 10_000 })
      .toMatchObject({ kind: 'pooler', remedy: expect.stringContaining('`pgbouncer`') });
    proxy.inventKeys = false;
    await reconnect();
    await expect.poll(() => actions.readObstacle(), { timeout: 10_000 }).toBeNull();
    await proxy.close();
  });

  it('says that the server is not reached, and what refuses', async () => {
    const actions = await act({ connection: { port: 1 } });
    await expect
      .poll(() => actions.readObstacle(), { timeout: 10_000 })
      .toMatchObject({
        kind: 'unreachable',
        reason: expect.stringContaining('nothing listens there'),
        remedy: expect.stringContaining('Look at the pod'),
      });
  });

  describe.skipIf(PGBOUNCER === null)(`behind a real PgBouncer (${PGBOUNCER ?? 'none on the PATH: skipped'})`, () => {
    const withPgbouncer = async (use: (port: number) => Promise<void>) => {
      const bouncer = await startPgbouncer(PGBOUNCER ?? '', server, { breakwater: 'bot-secret', boss: 'boss' });
      try {
        await use(bouncer.port);
      } finally {
        await Promise.all(opened.splice(0).map((actions) => actions.close()));
        await bouncer.close();
      }
    };

    it('the pooler is seen', () =>
      withPgbouncer(async (port) => {
        const actions = await act({ connection: { port } });
        expect(await actions.readObstacle()).toMatchObject({ kind: 'pooler' });
      }));

    it('its console tells which backends it holds', () =>
      withPgbouncer(async (port) => {
        const login = { ...server.superuser, port, user: 'boss', password: 'boss' };
        const [first, second] = await Promise.all([connectClient(login), connectClient(login)]);
        const pids = await Promise.all(
          [first, second].map(async (client) => {
            const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
            return rows[0]?.pid;
          }),
        );
        const actions = await act({
          pgbouncer: { host: server.host, port, user: 'breakwater', password: 'bot-secret' },
        });
        expect(await actions.readPoolerPids()).toMatchObject({ ok: true, value: new Set(pids) });
        await Promise.all([first.end(), second.end()]);
      }));
  });
});
