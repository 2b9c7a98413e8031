import type { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type RunningPostgres, startPostgres } from '../../sandbox/postgres/start-postgres.ts';
import type { DetailedSession } from '../../src/model/activity.ts';
import type { DatabaseActions } from '../../src/model/database-actions.ts';
import { signalSessions } from '../../src/postgres/signal-sessions.ts';
import { connectActions, details, terminate } from '../support/database-actions.ts';
import { BOT_ROLES, botLogin, connectSource, untilHeld } from '../support/database-source.ts';
import { connectClient, runSql, SERVER_KINDS } from '../support/postgres.ts';

describe.each(SERVER_KINDS)('terminate: $label', ({ binaries }) => {
  let server: RunningPostgres;
  let actions: DatabaseActions;
  beforeAll(async () => {
    const roles = ['site', 'other', 'boss', 'copier'].map((name) => ({ name, password: name }));
    server = await startPostgres({ binaries, roles: [...BOT_ROLES, ...roles] });
    actions = await connectActions(server);
  });
  afterAll(async () => {
    await actions.close();
    await server.close();
  });
  const clients: Client[] = [];
  afterEach(async () => {
    await Promise.allSettled(clients.splice(0).map((client) => client.end()));
    await runSql(
      server.superuser,
      'alter role boss nosuperuser',
      'alter role copier noreplication',
      // A sleeping backend does not notice that its client has left.
      "select pg_terminate_backend(pid) from pg_stat_activity where usename not in ('postgres', 'breakwater')",
    );
    await expect.poll(async () => (await details(actions)).map(({ user }) => user)).not.toContain('site');
  });
  const open = async (user: string, options: object = {}): Promise<Client> => {
    const client = await connectClient({
      ...server.superuser,
      user,
      password: user,
      applicationName: user,
      ...options,
    });
    clients.push(client);
    return client;
  };
  const preview = async (user: string): Promise<readonly DetailedSession[]> =>
    (await details(actions)).filter((session) => session.user === user);
  const one = async (user: string): Promise<DetailedSession> => {
    const [session] = await preview(user);
    if (session === undefined) throw new Error(`${user} has no session`);
    return session;
  };
  const still = async (session: DetailedSession) =>
    (await details(actions)).some(
      ({ pid, backendStart }) => pid === session.pid && backendStart === session.backendStart,
    );

  it('ends what was shown, and nobody beside it', async () => {
    await Promise.all([open('site'), open('site'), open('site'), open('other')]);
    const report = await actions.terminate(await preview('site'));
    expect(report.fates.map(({ fate, reason }) => `${fate} ${reason}`)).toEqual(Array(3).fill('terminated null'));
    expect(await preview('site')).toEqual([]);
    expect(await preview('other')).toHaveLength(1);
  });

  it('asks nothing for nobody', async () => {
    expect(await actions.terminate([])).toMatchObject({ fates: [] });
  });

  it('ends idle transactions, aborted ones, and statements that run on unchanged', async () => {
    const [held, aborted, active] = [await open('site'), await open('site'), await open('site')];
    await held.query('begin; select 1');
    await aborted.query('begin; select 1/0').catch(() => {});
    active.query('select pg_sleep(60)').catch(() => {});
    // It is active a moment before it sleeps, and what it waits for is a part of what was shown.
    await expect.poll(async () => (await preview('site')).map(({ waitEvent }) => waitEvent)).toContain('PgSleep');
    expect(await terminate(actions, await preview('site'))).toEqual(['terminated', 'terminated', 'terminated']);
  });

  it('spares who has become active', async () => {
    const [first, second] = [await open('site'), await open('site')];
    const shown = await preview('site');
    second.query('select pg_sleep(60)').catch(() => {});
    await expect.poll(async () => (await preview('site')).map(({ state }) => state)).toContain('active');
    expect((await terminate(actions, shown)).toSorted()).toEqual(['terminated', 'used']);
    await expect(first.query('select 1')).rejects.toThrow();
    expect(await preview('site')).toMatchObject([{ state: 'active' }]);
  });

  it('spares who has been used since, though it looks the same', async () => {
    const client = await open('site');
    const shown = await one('site');
    await client.query('select 1');
    expect(await one('site')).toMatchObject({ state: shown.state, pid: shown.pid });
    expect(await terminate(actions, [shown])).toEqual(['used']);
    expect(await still(shown)).toBe(true);
  });

  it('spares who is in another state than was shown', async () => {
    await open('site');
    const shown = await one('site');
    expect(await terminate(actions, [{ ...shown, state: 'idle in transaction' }])).toEqual(['used']);
    expect(await terminate(actions, [{ ...shown, stateChange: null }])).toEqual(['used']);
    expect(await still(shown)).toBe(true);
  });

  it.each<[string, (shown: DetailedSession) => Partial<DetailedSession>]>([
    ['another start, by a microsecond', ({ backendStart }) => ({ backendStart: moveMicrosecond(backendStart) })],
    ['a start rounded by a JavaScript Date', ({ backendStart }) => ({ backendStart: roundToMs(backendStart) })],
    ['no time at all for a start', () => ({ backendStart: "'; --" })],
    ['another role', ({ userId }) => ({ userId: (userId ?? 0) + 1 })],
    ['another database', ({ databaseId }) => ({ databaseId: (databaseId ?? 0) + 1 })],
  ])('never goes by the pid alone: %s is somebody else', async (_what, change) => {
    await open('site');
    const shown = await one('site');
    expect(await terminate(actions, [{ ...shown, ...change(shown) }])).toEqual(['ended']);
    expect(await still(shown)).toBe(true);
  });

  it('says who had ended by itself', async () => {
    const client = await open('site');
    const shown = await one('site');
    await client.end();
    await expect.poll(() => preview('site')).toEqual([]);
    expect(await terminate(actions, [shown])).toEqual(['ended']);
  });

  it.each<[string, string, string | null]>([
    ["a superuser's session", 'postgres', null],
    ['one whose role has become superuser', 'boss', 'alter role boss superuser'],
    ['one whose role has REPLICATION', 'copier', 'alter role copier replication'],
  ])('protects %s among those it ends', async (_what, user, change) => {
    const password = user === 'postgres' ? server.superuser.password : user;
    await Promise.all([open('site'), open('site'), open(user, { password })]);
    const shown = await one(user);
    if (change !== null) await runSql(server.superuser, change);
    const [first, second] = await preview('site');
    if (first === undefined || second === undefined) throw new Error('no sessions');
    expect(await terminate(actions, [first, shown, second])).toEqual(['terminated', 'protected', 'terminated']);
    expect(await still(shown)).toBe(true);
  });

  it('protects what is no client backend: a walsender, whatever its role may do by now', async () => {
    await runSql(server.superuser, 'alter role copier replication');
    await open('copier', { replication: 'database' });
    const shown = await one('copier');
    expect(shown.backendType).toBe('walsender');
    await runSql(server.superuser, 'alter role copier noreplication');
    expect(await terminate(actions, [shown])).toEqual(['protected']);
    expect(await still(shown)).toBe(true);
  });

  it('protects a session whose role is not found: nobody knows what it was', async () => {
    await runSql(server.superuser, "create role ghost login password 'ghost'");
    await open('ghost');
    const shown = await one('ghost');
    await runSql(server.superuser, 'drop role ghost');
    expect(await terminate(actions, [shown])).toEqual(['protected']);
    expect(await still(shown)).toBe(true);
  });

  it('protects its own sessions: the watch, the canary, and the one that asks', async () => {
    const { source } = connectSource(server);
    await untilHeld(source);
    await open('canary', { password: 'canary-secret', applicationName: 'breakwater' });
    const own = (await details(actions)).filter((session) => session.own);
    expect(own).toHaveLength(3);
    const { fates } = await actions.terminate(own);
    expect(fates.map(({ fate, reason }) => `${fate}: ${reason}`)).toEqual(
      Array(3).fill("protected: it is one of Breakwater's own sessions"),
    );
    expect((await details(actions)).filter((session) => session.own)).toHaveLength(3);
    await source.close();
  });

  it('spares who bears its name under another role: there may be a second bot', async () => {
    await open('site', { applicationName: 'breakwater' });
    expect(await terminate(actions, await preview('site'))).toEqual(['protected']);
  });

  it('names exactly the one that the server refuses, and ends all others', async () => {
    // May end sessions of `site`, being a member of it, and no others: the server breaks off each statement with one.
    await runSql(server.superuser, "create role helper login password 'helper' in role site, pg_monitor");
    const limited = await connectActions(server, { connection: { user: 'helper', password: 'helper' } });
    const leaving = await open('site');
    const gone = await one('site');
    await leaving.end();
    await expect.poll(() => still(gone)).toBe(false);
    await Promise.all(Array.from({ length: 8 }, () => open('site')));
    await open('other');
    const [sites, stranger] = [await preview('site'), await one('other')];
    const { fates } = await limited.terminate([...sites.slice(0, 5), stranger, ...sites.slice(5), gone]);
    expect(fates.map(({ fate }) => fate)).toEqual([
      ...Array(5).fill('terminated'),
      'failed',
      ...Array(3).fill('terminated'),
      // It had left before, whatever became of the statements.
      'ended',
    ]);
    expect(fates[5]?.reason).toContain('42501');
    expect(await still(stranger)).toBe(true);
    expect(await preview('site')).toEqual([]);
    await limited.close();
    await runSql(server.superuser, 'drop role helper');
  });

  it('claims nothing where the sessions of others are hidden from it', async () => {
    await runSql(server.superuser, "create role blind login password 'blind' in role pg_signal_backend");
    const blind = await connectActions(server, { connection: { user: 'blind', password: 'blind' } });
    await open('site');
    const shown = await one('site');
    const { fates } = await blind.terminate([shown]);
    expect(fates).toMatchObject([{ fate: 'unknown', reason: expect.stringContaining('lacks pg_monitor') }]);
    expect(await still(shown)).toBe(true);
    await blind.close();
    await runSql(server.superuser, 'drop role blind');
  });

  it('takes a session that acts under another name for its own by its pid', async () => {
    const client = await connectClient({ ...botLogin(server), applicationName: 'else' });
    clients.push(client);
    const shown = (await details(actions)).find(({ applicationName }) => applicationName === 'else');
    if (shown === undefined) throw new Error('not seen');
    const query = async (sql: string, values: readonly unknown[] = []) => ({
      ok: true as const,
      rows: (await client.query(sql, [...values])).rows,
    });
    expect(await signalSessions(query, [shown], null)).toEqual({ outcome: 'answered', standings: ['own'] });
  });
});

function moveMicrosecond(text: string): string {
  return text.replace(/\d(?=\+00$)/, (digit) => String((Number(digit) + 1) % 10));
}

function roundToMs(text: string): string {
  const iso = new Date(text.replace(' ', 'T').replace('+00', 'Z')).toISOString();
  return iso.replace('T', ' ').replace('Z', '000+00');
}
