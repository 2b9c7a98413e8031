import type { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type RunningPostgres, startPostgres } from '../../sandbox/postgres/start-postgres.ts';
import type { DatabaseActions } from '../../src/model/database-actions.ts';
import { connectActions, details } from '../support/database-actions.ts';
import { BOT_ROLES, connectSource, untilHeld } from '../support/database-source.ts';
import { connectClient, runSql, SERVER_KINDS } from '../support/postgres.ts';

describe.each(SERVER_KINDS)('readDetails: $label', ({ binaries }) => {
  let server: RunningPostgres;
  let actions: DatabaseActions;
  beforeAll(async () => {
    const roles = ['site', 'copier', 'blind'].map((name) => ({ name, password: name }));
    server = await startPostgres({ binaries, roles: [...BOT_ROLES, ...roles] });
    await runSql(server.superuser, 'alter role copier replication');
    actions = await connectActions(server);
  });
  afterAll(async () => {
    await actions.close();
    await server.close();
  });
  const clients: Client[] = [];
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.end()));
    await expect.poll(async () => (await of('site')).length + (await of('copier')).length).toBe(0);
  });
  const open = async (user: string, options: object = {}) => {
    const client = await connectClient({ ...server.superuser, user, password: user, ...options });
    clients.push(client);
    return client;
  };
  const of = async (user: string) => (await details(actions)).filter((session) => session.user === user);

  it('reads what a decision needs', async () => {
    const client = await open('site', { applicationName: 'web' });
    const { rows } = await client.query<object>(`
      select pg_backend_pid() as pid, oid as "userId", rolsuper as superuser, rolreplication as replication,
        (select oid from pg_database where datname = 'postgres') as "databaseId"
      from pg_roles where rolname = 'site'`);
    // It waits for its client a moment after it has answered.
    await expect
      .poll(() => of('site'))
      .toMatchObject([
        {
          ...rows[0],
          backendType: 'client backend',
          applicationName: 'web',
          state: 'idle',
          waitEventType: 'Client',
          waitEvent: 'ClientRead',
          ageMs: expect.any(Number),
          own: false,
        },
      ]);
  });

  it('tells since when it is in its state to the microsecond, as one text until it does something', async () => {
    const client = await open('site');
    const [before] = await of('site');
    expect(before?.stateChange).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}\+00$/);
    expect((await of('site'))[0]?.stateChange).toBe(before?.stateChange);
    await client.query('select 1');
    expect((await of('site'))[0]?.stateChange).not.toBe(before?.stateChange);
  });

  it('lets no literal of a statement out', async () => {
    const client = await open('site');
    await client.query("select 'hush'");
    const [session] = await of('site');
    expect(session?.statement).toMatch(/^select/);
    expect(JSON.stringify(await details(actions))).not.toContain('hush');
  });

  it('shows superusers, walsenders, its own sessions and the server’s own processes as what they are', async () => {
    await open('copier', { replication: 'database' });
    const { source } = connectSource(server);
    await untilHeld(source);
    await open('postgres', { password: server.superuser.password });
    expect(await of('copier')).toMatchObject([{ backendType: 'walsender', replication: true, superuser: false }]);
    expect((await of('postgres')).filter(({ backendType }) => backendType === 'client backend')).toMatchObject([
      { superuser: true },
    ]);
    const all = await details(actions);
    expect(all.filter(({ own }) => own)).toHaveLength(2);
    expect(all.find(({ backendType }) => backendType === 'checkpointer')).toMatchObject({
      user: null,
      userId: null,
      superuser: null,
      replication: null,
      state: 'other',
      statement: null,
      own: false,
    });
    await source.close();
  });

  it('says what is missing rather than list half', async () => {
    const blind = await connectActions(server, { connection: { user: 'blind', password: 'blind' } });
    expect(await blind.readDetails()).toMatchObject({ ok: false, reason: expect.stringContaining('lacks pg_monitor') });
    await blind.close();
  });
});
