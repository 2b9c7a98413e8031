import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningPostgres, startPostgres } from '../../sandbox/postgres/start-postgres.ts';
import type { Connection } from '../../src/postgres/connect.ts';
import { probeWrite } from '../../src/postgres/probe-write.ts';
import { systemClock } from '../../src/time/system-clock.ts';
import { BOT_ROLES, botLogin } from '../support/database-source.ts';
import { createMovableClock } from '../support/movable-clock.ts';
import { connectClient, runSql, SERVER_KINDS } from '../support/postgres.ts';
import { startPostgresProxy } from '../support/postgres-proxy.ts';

describe.each(SERVER_KINDS)('probeWrite: $label', ({ binaries }) => {
  let server: RunningPostgres;
  beforeAll(async () => {
    server = await startPostgres({
      binaries,
      settings: { max_connections: 8, superuser_reserved_connections: 3, autovacuum: false },
      roles: [...BOT_ROLES],
    });
  });
  afterAll(() => server.close());
  const probe = (login: Partial<Connection> = {}, deadlineMs = 5_000) =>
    probeWrite({ ...botLogin(server), ...login }, { clock: systemClock, deadlineMs, statementMs: 3_000 });
  const ask = async (sql: string, values: readonly unknown[] = []): Promise<Record<string, unknown>> => {
    const client = await connectClient(server.superuser);
    const { rows } = await client.query<Record<string, unknown>>(sql, [...values]);
    await client.end();
    return rows[0] ?? {};
  };

  it('moves the write-ahead log on, flushed, and says where to', async () => {
    const { before } = await ask('select pg_current_wal_flush_lsn()::text as before');
    const written = await probe();
    if (!written.ok) throw new Error(written.reason);
    const { lsn } = written.value;
    const look = `select $1::pg_lsn > $2::pg_lsn as moved, pg_current_wal_flush_lsn() >= $1::pg_lsn as flushed,
      (select count(*)::int from pg_stat_activity where usename = 'breakwater') as left`;
    expect(await ask(look, [lsn, before])).toMatchObject({ moved: true, flushed: true });
    await expect.poll(() => ask(look, [lsn, before])).toMatchObject({ left: 0 });
  });

  it('is flushed though the role commits without waiting, and never waits for a standby', async () => {
    await runSql(
      server.superuser,
      'alter role breakwater set synchronous_commit = off',
      "alter system set synchronous_standby_names = 'nobody'",
      'select pg_reload_conf()',
    );
    expect(await probe()).toMatchObject({ ok: true });
    await runSql(
      server.superuser,
      'alter role breakwater reset synchronous_commit',
      'alter system reset synchronous_standby_names',
      'select pg_reload_conf()',
    );
  });

  it("finds a server that is read-only for everybody, but minds no role's own setting", async () => {
    await runSql(server.superuser, 'alter role breakwater set default_transaction_read_only = on');
    expect(await probe()).toMatchObject({ ok: true });
    await runSql(server.superuser, 'alter role breakwater reset default_transaction_read_only');
    const setting = async (value: string) => {
      await runSql(
        server.superuser,
        'begin; set local transaction_read_only = off; commit',
        `alter system set default_transaction_read_only = ${value}`,
        'select pg_reload_conf()',
      );
    };
    await setting('on');
    await expect
      .poll(() => probe())
      .toMatchObject({ ok: false, reason: expect.stringContaining('default_transaction_read_only is on') });
    await setting('off');
    await expect.poll(() => probe()).toMatchObject({ ok: true });
  });

  it.each([
    ['a wrong password', { password: 'secret-9' }, 'refuses the role or its password'],
    ['no such database', { database: 'nowhere' }, 'the configured database does not exist'],
    ['nobody there', { port: 1 }, 'nothing listens there'],
  ])('says why where it is %s', async (_case, login, words) => {
    const seen = await probe(login);
    expect(seen).toMatchObject({ ok: false, reason: expect.stringContaining(words) });
    expect(JSON.stringify(seen)).not.toContain('secret-9');
  });

  it('says that the server is full', async () => {
    const clients = await Promise.all(
      Array.from({ length: 5 }, () =>
        connectClient({ ...server.superuser, user: 'canary', password: 'canary-secret' }),
      ),
    );
    expect(await probe()).toMatchObject({ ok: false, reason: expect.stringContaining('only reserved slots are left') });
    await Promise.all(clients.map((client) => client.end()));
    await expect.poll(() => probe()).toMatchObject({ ok: true });
  });

  it('says that the server hangs', async () => {
    await server.freeze();
    expect(await probe({}, 300)).toMatchObject({ ok: false, reason: expect.stringContaining('the postmaster hangs') });
    await server.thaw();
  });

  it('says that the write is hidden from it, when it was cut off before the answer', async () => {
    const proxy = await startPostgresProxy(server);
    proxy.cutAt = { text: 'pg_logical_emit_message', passOn: true };
    expect(await probe({ port: proxy.port })).toMatchObject({
      ok: false,
      reason: expect.stringContaining('the connection broke without a word'),
    });
    await proxy.close();
  });

  it('finds a read-only standby', async () => {
    const signalFile = join(server.dataDirectory, 'standby.signal');
    writeFileSync(signalFile, '');
    await server.restart();
    await expect
      .poll(() => probe(), { timeout: 10_000 })
      .toMatchObject({ ok: false, reason: expect.stringContaining('read-only standby') });
    rmSync(signalFile);
    await server.restart();
  });
});

it('gives up one that lets it in and says nothing more, at the deadline', async () => {
  const welcome = Buffer.from('R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I', 'latin1');
  const closed = Promise.withResolvers<void>();
  let asked = 0;
  const silent = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('close', () => closed.resolve());
    socket.once('data', () => socket.write(welcome));
    socket.on('data', () => {
      asked += 1;
    });
  });
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const clock = createMovableClock();
  const { port } = silent.address() as AddressInfo;
  const login = { host: '127.0.0.1', port, user: 'breakwater', database: 'postgres' };
  const seen = probeWrite(login, { clock, deadlineMs: 5_000, statementMs: 3_000 });
  await expect.poll(() => asked).toBe(2);
  clock.skip(5_000);
  expect(await seen).toMatchObject({
    ok: false,
    reason: "let in, but nothing was seen written within 5 s: look at the server's disk and node",
  });
  await closed.promise;
  expect(clock.sleepers).toBe(0);
  silent.close();
});
