import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createPlayer, type Player } from '../../sandbox/players/create-player.ts';
import { type Login, type RunningPostgres, startPostgres } from '../../sandbox/postgres/start-postgres.ts';
import type { DatabaseSource } from '../../src/model/database-source.ts';
import { systemClock } from '../../src/time/system-clock.ts';
import {
  BOT_ROLES,
  botLogin,
  connectSource,
  expectCounts,
  sample,
  untilHeld,
  untilLost,
} from '../support/database-source.ts';
import { fill } from '../support/fill.ts';
import { connectClient, runSql, SERVER_KINDS } from '../support/postgres.ts';

/** The incident's own numbers: 100 connections, 3 of them for superusers. */
describe.each(SERVER_KINDS)('createDatabaseSource: $label', ({ binaries }) => {
  let server: RunningPostgres;
  beforeAll(async () => {
    const roles = [...BOT_ROLES, { name: 'site', password: 'site' }, { name: 'blind', password: 'blind' }];
    server = await startPostgres({ binaries, roles });
  });
  afterAll(() => server.close());

  const players: Player[] = [];
  const sources: DatabaseSource[] = [];
  afterEach(async () => {
    await Promise.all(players.splice(0).map((player) => player.terminateAll()));
    await Promise.all(sources.splice(0).map((source) => source.close()));
    await expect.poll(() => readBackends('true'), { timeout: 10_000 }).toEqual([]);
  });
  const play = (login: Partial<Login>, applicationName = 'app', localAddress = '127.10.0.1') => {
    const player = createPlayer({ ...server.superuser, ...login, name: 'player', applicationName, localAddress });
    players.push(player);
    return player;
  };
  const playSite = (applicationName?: string, localAddress?: string) =>
    play({ user: 'site', password: 'site' }, applicationName, localAddress);
  const connect = (...args: Parameters<typeof connectSource> extends [unknown, ...infer Rest] ? Rest : never) => {
    const made = connectSource(server, ...args);
    sources.push(made.source);
    return made;
  };
  const readBackends = async (condition: string): Promise<number[]> => {
    const client = await connectClient(server.superuser);
    const { rows } = await client.query<{ pid: number }>(`select pid from pg_stat_activity
      where backend_type = 'client backend' and pid <> pg_backend_pid() and ${condition}`);
    await client.end();
    return rows.map(({ pid }) => pid);
  };

  it('sees all 97 ordinary sessions when only reserved slots are left, then all 100', async () => {
    const { source } = connect();
    await untilHeld(source);
    const [site, boss] = [playSite(), play({})];
    await fill(site, 96);
    expect(await site.open(1)).toEqual({ opened: 0, refused: 1 });
    await expectCounts(source, { breakwater: 1, site: 96 });
    expect(await source.probeAdmission()).toMatchObject({ ok: true, value: { verdict: 'only-reserved-left' } });

    await fill(boss, 3);
    expect(await boss.open(1)).toEqual({ opened: 0, refused: 1 });
    await expectCounts(source, { breakwater: 1, postgres: 3, site: 96 });
    expect(await source.probeAdmission()).toMatchObject({ ok: true, value: { verdict: 'completely-full' } });
  });

  it('says that the server is full when it comes too late, and gets in when there is room', async () => {
    const site = playSite();
    await fill(site, 97);
    const { source } = connect();
    expect(await untilLost(source)).toBeTypeOf('string');
    await expect
      .poll(() => source.server())
      .toMatchObject({
        reason: 'cannot connect: full: only reserved slots are left',
      });
    expect(await source.readSessions()).toMatchObject({
      ok: false,
      reason: 'cannot connect: full: only reserved slots are left',
    });
    await site.terminateAll();
    await untilHeld(source);
  });

  it('groups by user, database, name, address and state', async () => {
    const { source } = connect();
    await untilHeld(source);
    const [first, second] = [playSite('site/1', '127.10.0.1'), playSite('site/2', '127.10.0.2')];
    await first.open(3);
    await second.open(2);
    await second.holdTransaction(1);
    const site = (await sample(source)).filter(({ user }) => user === 'site');
    const lines = site.map(({ applicationName, address, state, count }) => [applicationName, address, count, state]);
    expect(lines.map((line) => line.join(' ')).sort()).toEqual([
      'site/1 127.10.0.1 3 idle',
      'site/2 127.10.0.2 1 idle',
      'site/2 127.10.0.2 1 idle in transaction',
    ]);
    expect(site.map(({ oldestTransactionMs }) => oldestTransactionMs !== null)).toEqual(
      site.map(({ state }) => state === 'idle in transaction'),
    );
  });

  it('shows who has not logged in yet, as far as the server does', async () => {
    const { source } = connect();
    await untilHeld(source);
    const socket = connectTcp(server.port, server.host);
    await once(socket, 'connect');
    // Protocol 3.0 and the user; the password, for which the server now waits, never comes.
    const startup = Buffer.from('\0\0\0\0\0\u0003\0\0user\0site\0\0');
    startup.writeInt32BE(startup.length);
    socket.write(startup);
    await once(socket, 'data');
    const starting = (await sample(source)).filter(({ state }) => state === 'starting');
    // PostgreSQL 18 lists a client before it has logged in.
    const listed = [{ user: null, database: null, count: 1, own: false }];
    expect(starting).toMatchObject(Number.parseInt(server.version, 10) >= 18 ? listed : []);
    socket.destroy();
  });

  it('counts those who wait for a lock', async () => {
    const { source } = connect();
    await untilHeld(source);
    const [holder, waiter] = await Promise.all([connectClient(server.superuser), connectClient(server.superuser)]);
    await holder.query('begin; select pg_advisory_xact_lock(1)');
    const waiting = waiter.query('select pg_advisory_xact_lock(1)');
    await expect
      .poll(async () => (await sample(source)).filter(({ lockWaits }) => lockWaits > 0))
      .toMatchObject([{ user: 'postgres', state: 'active', lockWaits: 1, count: 1 }]);
    await holder.end();
    await waiting;
    await waiter.end();
  });

  it('takes only its own sessions for its own, whatever name others give themselves', async () => {
    const { source } = connect();
    await untilHeld(source);
    await playSite('breakwater').open(2);
    const owners = (await sample(source)).map(
      ({ user, applicationName, own }) => `${user} as ${applicationName}: ${own}`,
    );
    expect(owners.sort()).toEqual(['breakwater as breakwater: true', 'site as breakwater: false']);
  });

  it('reads hostile names as text', async () => {
    const { source } = connect();
    await untilHeld(source);
    const hostile = `@everyone \`\`\`[x](https://x)'"\\\u0001\u001B[31m\u202E\uFFFDé${'y'.repeat(60)}`;
    await playSite(hostile).open(1);
    const group = (await sample(source)).find(({ user }) => user === 'site');
    expect(group?.applicationName).toMatch(/^@everyone ```\[x\]\(https:\/\/x\)'"\\/);
    expect(group?.applicationName.length).toBeLessThanOrEqual(63);
    expect(group?.count).toBe(1);
  });

  it('knows the server', async () => {
    const { source } = connect();
    await untilHeld(source);
    const facts = source.server();
    expect(facts).toMatchObject({
      ok: true,
      value: { version: server.version, inRecovery: false, capacity: { max: 100, superuserReserved: 3, reserved: 0 } },
    });
    const missing = facts.ok ? facts.value.missingPrivileges.map(({ privilege }) => privilege) : [];
    expect(missing).toEqual(['reserved slots']);
  });

  it('says that its counts are low without pg_monitor', async () => {
    await playSite().open(5);
    const { source } = connect({ connection: { user: 'blind', password: 'blind' } });
    await untilHeld(source);
    await expectCounts(source, { blind: 1 });
    const facts = source.server();
    const low = facts.ok ? facts.value.missingPrivileges.filter(({ countsAreLow }) => countsAreLow) : [];
    expect(low).toMatchObject([{ privilege: 'pg_monitor', remedy: 'GRANT pg_monitor TO "blind";' }]);
  });

  it('notices within a minute what was granted', async () => {
    let laterMs = 0;
    const clock = { ...systemClock, now: () => systemClock.now() + laterMs };
    const { source } = connect({ clock, connection: { user: 'blind', password: 'blind' } });
    await untilHeld(source);
    await runSql(server.superuser, 'grant pg_monitor to blind');
    laterMs = 60_000;
    await sample(source);
    const facts = source.server();
    const missing = facts.ok ? facts.value.missingPrivileges.map(({ privilege }) => privilege) : [];
    expect(missing).toEqual(['pg_signal_backend', 'reserved slots']);
    await runSql(server.superuser, 'revoke pg_monitor from blind');
  });

  it('does not probe without a canary role', async () => {
    const { source } = connect({ canary: null });
    expect(await source.probeAdmission()).toMatchObject({ ok: false, reason: 'no canary role is configured' });
  });

  it('comes back after a restart', async () => {
    const { source } = connect();
    await untilHeld(source);
    await server.stop('fast');
    expect(await untilLost(source)).toBeTypeOf('string');
    await expect.poll(() => source.server()).toMatchObject({ reason: expect.stringContaining('nothing listens') });
    await server.restart();
    await untilHeld(source);
    await expectCounts(source, { breakwater: 1 });
  });

  it('comes back after another backend crashed', async () => {
    const { source } = connect();
    await untilHeld(source);
    const site = playSite();
    await site.open(1);
    for (const pid of await readBackends("usename = 'site'")) process.kill(pid, 'SIGKILL');
    await untilLost(source);
    await untilHeld(source);
  });

  it('comes back after somebody terminated its session, and tells of both', async () => {
    const { source } = connect();
    await untilHeld(source);
    const changes: boolean[] = [];
    source.onChange(() => changes.push(source.server().ok));
    await runSql(
      server.superuser,
      "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'breakwater'",
    );
    expect(await untilLost(source)).toBe('the server ended the connection: it shuts down, or somebody terminated it');
    await untilHeld(source);
    expect([changes[0], changes.at(-1)]).toEqual([false, true]);
  });

  it('gives up its own backend when that hangs, and opens another', async () => {
    const { source } = connect({ timeouts: { statementMs: 200, queryMs: 300 } });
    await untilHeld(source);
    const [pid = 0] = await readBackends("usename = 'breakwater'");
    process.kill(pid, 'SIGSTOP');
    try {
      expect(await source.readSessions()).toMatchObject({ ok: false, reason: 'no answer within 300 ms' });
      await untilHeld(source);
      await expectCounts(source, { breakwater: 2 });
    } finally {
      process.kill(pid, 'SIGCONT');
    }
  });

  it('goes on while the postmaster is frozen, and knows that nobody else gets in', async () => {
    const { source } = connect({ timeouts: { probeMs: 300 } });
    await untilHeld(source);
    await server.freeze();
    await expectCounts(source, { breakwater: 1 });
    expect(await source.probeAdmission()).toMatchObject({ ok: true, value: { verdict: 'frozen' } });
    await server.thaw();
  });

  it('holds a session that no idleness ends and no search_path misleads', async () => {
    await runSql(
      server.superuser,
      'create schema trap',
      "create function trap.host(inet) returns text language sql as $$ select 'trapped' $$",
      'alter role breakwater set search_path = trap, pg_catalog',
      "alter role breakwater set idle_session_timeout = '50ms'",
      'grant usage on schema trap to breakwater',
    );
    const { source, log } = connect();
    await untilHeld(source);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await sample(source)).toMatchObject([{ address: '127.0.0.1' }]);
    expect(log.lines.filter(({ level }) => level === 'warn')).toEqual([]);
    await runSql(server.superuser, 'alter role breakwater reset all', 'drop schema trap cascade');
  });

  it('never writes its password anywhere', async () => {
    const { source, log } = connect({ connection: { ...botLogin(server), password: 'wrong-secret' } });
    expect(await untilLost(source)).toBeTypeOf('string');
    await expect.poll(() => source.server()).toMatchObject({ reason: expect.stringContaining('refuses the role') });
    const said = JSON.stringify([source.server(), await source.readSessions(), await source.probeAdmission()]);
    expect(said + log.text()).not.toMatch(/wrong-secret|canary-secret/);
  });
});
