import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningPostgres, startPostgres } from '../../sandbox/postgres/start-postgres.ts';
import type { PostgresFacts } from '../../src/model/postgres-facts.ts';
import { examineServer } from '../../src/postgres/examine-server.ts';
import { systemClock } from '../../src/time/system-clock.ts';
import { connectClient, runSql, SERVER_KINDS, sharedPostgres } from '../support/postgres.ts';
import { startPostgresProxy } from '../support/postgres-proxy.ts';

const HOSTILE = `'; drop role x; -- "`;

describe.each(SERVER_KINDS)('examineServer on $label', ({ binaries }) => {
  let server: RunningPostgres;
  beforeAll(async () => {
    server = await startPostgres({
      binaries,
      roles: [
        { name: 'breakwater', password: 'b', memberOf: ['pg_monitor', 'pg_signal_backend'] },
        { name: 'blind', password: 'b' },
        { name: 'canary', password: 'c' },
        { name: 'site', password: 's' },
        { name: HOSTILE, password: 'h' },
      ],
    });
    await runSql(server.superuser, 'alter role site connection limit 40');
  });
  afterAll(() => server.close());

  const look = (
    parts: { readonly user?: string; readonly password?: string; readonly roles?: readonly string[] } = {},
  ) => {
    const { user = 'breakwater', password = 'b', roles = ['site', 'canary', HOSTILE, 'nobody'] } = parts;
    const { host, port } = server;
    const connection = { host, port, user, password, database: 'postgres' };
    return examineServer(
      { connection, canary: { user: 'canary', password: 'c', database: 'postgres' }, roles },
      systemClock,
    );
  };
  const see = async (parts?: Parameters<typeof look>[0]): Promise<PostgresFacts> => {
    const sight = await look(parts);
    if (sight.kind !== 'seen') throw new Error(JSON.stringify(sight));
    return sight.facts;
  };

  test('reads the settings as a client from the network gets them', async () => {
    const { settings, pooled, canary, sessions, server: facts } = await see();
    expect(settings.keepalive).toMatchObject({ idleS: expect.any(Number), count: expect.any(Number) });
    expect(settings.keepalive?.idleS).toBeGreaterThan(0);
    expect(settings.clientCheckMs).toBe(facts.versionNumber >= 140_000 ? 0 : null);
    expect(settings).toMatchObject({ idleInTransactionMs: 0, trackActivities: true });
    expect(pooled).toBe(false);
    expect(canary).toMatchObject({ verdict: 'admitted' });
    expect(sessions.hidden).toBe(0);
  });

  test('reads the roles that it is asked for, whatever they are called', async () => {
    const { roles } = await see();
    expect([...roles.keys()].toSorted()).toEqual([HOSTILE, 'canary', 'site'].toSorted());
    expect(roles.get('site')).toEqual({
      superuser: false,
      canLogin: true,
      connectionLimit: 40,
      usesReservedSlots: false,
      adjustable: false,
    });
    expect(roles.get('canary')?.connectionLimit).toBe(null);
  });

  test('says what settings were changed to', async () => {
    await runSql(
      server.superuser,
      'alter system set tcp_keepalives_idle = 60',
      "alter system set idle_in_transaction_session_timeout = '10min'",
      'alter system set track_activities = off',
      'select pg_reload_conf()',
    );
    try {
      await expect
        .poll(async () => (await see()).settings, { timeout: 5_000 })
        .toMatchObject({ keepalive: { idleS: 60 }, idleInTransactionMs: 600_000, trackActivities: false });
    } finally {
      await runSql(server.superuser, 'alter system reset all', 'select pg_reload_conf()');
    }
  });

  test('counts the sessions that are hidden from a role without pg_monitor', async () => {
    const other = await connectClient({ ...server.superuser, user: 'site', password: 's' });
    try {
      const { sessions } = await see({ user: 'blind' });
      expect(sessions.hidden).toBeGreaterThanOrEqual(1);
      expect(sessions.total).toBeGreaterThan(sessions.hidden);
    } finally {
      await other.end();
    }
  });

  test('knows when it may set a CONNECTION LIMIT, and that it works', async () => {
    await runSql(server.superuser, 'alter role breakwater createrole');
    const { server: facts, roles } = await see();
    // CREATEROLE alone is over every role before PostgreSQL 16, and over none from then on.
    expect(roles.get('site')?.adjustable).toBe(facts.versionNumber < 160_000);
    if (facts.versionNumber >= 160_000)
      await runSql(server.superuser, 'grant site to breakwater with admin true, inherit false, set false');
    expect((await see()).roles.get('site')?.adjustable).toBe(true);
    await runSql({ ...server.superuser, user: 'breakwater', password: 'b' }, 'alter role site connection limit 41');
    expect((await see()).roles.get('site')?.connectionLimit).toBe(41);
  });

  test('knows a canary that gets in where applications do not', async () => {
    const { server: facts } = await see();
    if (facts.versionNumber >= 160_000) {
      await runSql(server.superuser, 'grant pg_use_reserved_connections to canary');
      expect((await see()).roles.get('canary')?.usesReservedSlots).toBe(true);
      await runSql(server.superuser, 'revoke pg_use_reserved_connections from canary');
    }
    await runSql(server.superuser, 'alter role canary superuser');
    expect((await see()).roles.get('canary')?.superuser).toBe(true);
    await runSql(server.superuser, 'alter role canary nosuperuser');
  });

  test('is told why it is refused, and leaves no session behind', async () => {
    expect(await look({ password: 'wrong' })).toMatchObject({ kind: 'refused', verdict: 'auth-refused' });
    const client = await connectClient(server.superuser);
    try {
      const left = `select count(*)::int as left from pg_stat_activity where application_name = 'breakwater'`;
      await expect.poll(async () => (await client.query(left)).rows, { timeout: 5_000 }).toEqual([{ left: 0 }]);
    } finally {
      await client.end();
    }
  });
});

test('a pooler is told from the server', async () => {
  const server = await sharedPostgres();
  const proxy = await startPostgresProxy(server);
  try {
    const connection = { ...server.superuser, port: proxy.port };
    const look = () => examineServer({ connection, canary: null, roles: [] }, systemClock);
    expect(await look()).toMatchObject({ kind: 'seen', facts: { pooled: false, canary: null } });
    proxy.inventKeys = true;
    expect(await look()).toMatchObject({ kind: 'seen', facts: { pooled: true } });
  } finally {
    await proxy.close();
  }
});
