import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type RunningPostgres, startPostgres } from '../../sandbox/postgres/start-postgres.ts';
import type { DatabaseSource } from '../../src/model/database-source.ts';
import type { RunQuery } from '../../src/postgres/held-session.ts';
import { readSignals as readWith } from '../../src/postgres/read-signals.ts';
import { BOT_ROLES, connectSource, untilHeld } from '../support/database-source.ts';
import { connectClient, runSql, SERVER_KINDS } from '../support/postgres.ts';
import { expectSignal, readSignals } from '../support/signals.ts';

describe.each(SERVER_KINDS)('readSignals: $label', ({ binaries }) => {
  let server: RunningPostgres;
  let source: DatabaseSource;
  beforeAll(async () => {
    server = await startPostgres({
      binaries,
      roles: [...BOT_ROLES, { name: 'blind', password: 'blind' }],
      settings: {
        wal_level: 'logical',
        archive_mode: true,
        archive_command: 'true',
      },
    });
    ({ source } = connectSource(server));
  });
  beforeEach(() => untilHeld(source));
  afterAll(async () => {
    await source.close();
    await server.close();
  });

  const ask = async <T extends object>(sql: string): Promise<T[]> => {
    const client = await connectClient(server.superuser);
    const { rows } = await client.query<T>(sql);
    await client.end();
    return rows;
  };

  it('reads the age of every database, as PostgreSQL counts it', async () => {
    await runSql(server.superuser, 'create database spent');
    const { xidAges } = await readSignals(source);
    expect(xidAges.map(({ database }) => database).sort()).toEqual(['postgres', 'spent', 'template0', 'template1']);
    const [before] = await ask<{ age: number }>("select age(datfrozenxid) from pg_database where datname = 'spent'");
    await runSql(server.superuser, ...Array.from({ length: 20 }, () => 'select pg_current_xact_id()'));
    const spent = (await readSignals(source)).xidAges.find(({ database }) => database === 'spent');
    expect(spent?.age).toBeGreaterThanOrEqual((before?.age ?? Number.NaN) + 20);
  });

  it('leaves out a database whose DROP was interrupted: no VACUUM reaches it', async () => {
    await runSql(
      server.superuser,
      'create database half',
      "update pg_database set datconnlimit = -2 where datname = 'half'",
    );
    expect((await readSignals(source)).xidAges.map(({ database }) => database)).not.toContain('half');
    await runSql(server.superuser, 'drop database half');
  });

  describe('replication slots', () => {
    afterEach(() =>
      runSql(server.superuser, 'select pg_drop_replication_slot(slot_name) from pg_replication_slots where not active'),
    );

    it('count the WAL that is kept for them', async () => {
      await runSql(
        server.superuser,
        "select pg_create_physical_replication_slot('copy', true)",
        "select pg_create_logical_replication_slot('feed', 'pgoutput')",
        "select pg_logical_emit_message(false, 'test', repeat('x', 2000000))",
      );
      const between = (bytes: number) => bytes > 2_000_000 && bytes < 20_000_000;
      // Once the server has written it.
      await expectSignal(source, ({ slots }) => slots, [
        { name: 'copy', active: false, retainedBytes: expect.toSatisfy(between) },
        { name: 'feed', active: false, retainedBytes: expect.toSatisfy(between) },
      ]);
    });

    it('keep an unknown amount where none is reserved', async () => {
      await runSql(server.superuser, "select pg_create_physical_replication_slot('unused')");
      expect((await readSignals(source)).slots).toEqual([{ name: 'unused', active: false, retainedBytes: null }]);
    });

    it('keep nothing once they are lost, though PostgreSQL may still show where they began', async () => {
      const [limit, value] =
        Number.parseInt(server.version, 10) >= 18
          ? ['idle_replication_slot_timeout', '1s']
          : ['max_slot_wal_keep_size', '1MB'];
      await runSql(
        server.superuser,
        "select pg_create_physical_replication_slot('late', true)",
        `alter system set ${limit} = '${value}'`,
        'select pg_reload_conf()',
      );
      const outlive = async () => {
        await runSql(
          server.superuser,
          "select pg_logical_emit_message(true, 'test', 'x')",
          'select pg_switch_wal()',
          'checkpoint',
        );
        return ask("select wal_status from pg_replication_slots where slot_name = 'late'");
      };
      await expect.poll(outlive, { timeout: 15_000 }).toEqual([{ wal_status: 'lost' }]);
      expect((await readSignals(source)).slots).toEqual([{ name: 'late', active: false, retainedBytes: null }]);
      await runSql(server.superuser, `alter system reset ${limit}`, 'select pg_reload_conf()');
    });
  });

  it('tells when archiving failed last, on which segment, and when it worked again', async () => {
    const setCommand = (command: string) =>
      runSql(server.superuser, `alter system set archive_command = '${command}'`, 'select pg_reload_conf()');
    const archive = async () => {
      await runSql(server.superuser, "select pg_logical_emit_message(true, 'test', 'x')", 'select pg_switch_wal()');
      return (await readSignals(source)).archiver;
    };
    await setCommand('false');
    await expect.poll(archive, { timeout: 15_000 }).toMatchObject({
      lastFailedWal: expect.stringMatching(/^[0-9A-F]{24}$/),
      failures: expect.toSatisfy((failures) => failures > 0),
    });
    const failed = await archive();
    const [row] = await ask<{ at: Date }>('select last_failed_time as at from pg_stat_archiver');
    expect(failed?.lastFailedAt).toBeLessThanOrEqual(row?.at.getTime() ?? Number.NaN);
    expect(failed?.lastFailedAt).toBeGreaterThan((row?.at.getTime() ?? Number.NaN) - 60_000);
    await setCommand('true');
    const recovered = async () => (await archive())?.lastArchivedAt;
    await expect.poll(recovered, { timeout: 15_000 }).toBeGreaterThanOrEqual(failed?.lastFailedAt ?? Number.NaN);
  });

  describe('lock waits', () => {
    const whileWaiting = async (check: (waiter: { readonly pid: number }) => Promise<void>): Promise<void> => {
      const [holder, waiter] = await Promise.all([
        connectClient(server.superuser),
        connectClient({ ...server.superuser, applicationName: 'nightly' }),
      ]);
      const { rows } = await waiter.query<{ pid: number }>('select pg_backend_pid() as pid');
      await holder.query('select pg_advisory_lock(7)');
      // The statement is older than its wait.
      const waiting = waiter.query('select pg_sleep(0.3), pg_advisory_lock(7)');
      try {
        await expectSignal(
          source,
          ({ lockWaits }) => lockWaits.length,
          expect.toSatisfy((n) => n === 1),
        );
        await check({ pid: rows[0]?.pid ?? 0 });
      } finally {
        await holder.end();
        await waiting;
        await waiter.end();
      }
    };

    it('name who waits, and for how long', async () => {
      await whileWaiting(async ({ pid }) => {
        const who = { pid, user: 'postgres', database: 'postgres', applicationName: 'nightly', address: '127.0.0.1' };
        const [first] = (await readSignals(source)).lockWaits;
        expect(first).toMatchObject(who);
        const [later] = (await readSignals(source)).lockWaits;
        expect(later?.waitedMs).toBeGreaterThan(first?.waitedMs ?? Number.NaN);
      });
    });

    it('are asked for only while somebody waits, and before PostgreSQL 14 without pg_locks', async () => {
      const client = await connectClient({ ...server.superuser, user: 'breakwater', password: 'bot-secret' });
      const asked: string[] = [];
      const queryAs =
        (versionNumber: number): RunQuery =>
        async (sql, values) => {
          asked.push(sql);
          const { rows } = await client.query<Record<string, unknown>>(sql, [...(values ?? [])]);
          return {
            ok: true,
            rows: rows.map((row) => ('waiters' in row ? Object.assign(row, { versionNumber }) : row)),
          };
        };
      expect(await readWith(queryAs(180_000))).toMatchObject({ ok: true, value: { lockWaits: [] } });
      expect(asked).toHaveLength(1);
      await whileWaiting(async () => {
        const [by14, by13] = [await readWith(queryAs(140_000)), await readWith(queryAs(130_000))];
        expect(asked.slice(1).map((sql) => /pg_locks/.test(sql))).toEqual([false, true, false, false]);
        const waited = [by14, by13].map((read) => (read.ok ? read.value.lockWaits[0]?.waitedMs : null) ?? Number.NaN);
        // Since the statement began, which slept first, against since the wait began.
        expect((waited[1] ?? 0) - (waited[0] ?? 0)).toBeGreaterThan(250);
      });
      await client.end();
    });
  });

  it('says what is missing rather than tell half', async () => {
    const { source: blind } = connectSource(server, { connection: { user: 'blind', password: 'blind' } });
    await untilHeld(blind);
    expect(await blind.readSignals()).toMatchObject({ ok: false, reason: expect.stringContaining('lacks pg_monitor') });
    await blind.close();
  });

  it('says why it cannot read', async () => {
    const { source: stranger } = connectSource(server, { connection: { password: 'wrong' } });
    await expect.poll(() => stranger.lossVerdict()).toBe('auth-refused');
    expect(await stranger.readSignals()).toMatchObject({
      ok: false,
      reason: expect.stringContaining('refuses the role'),
    });
    expect(await stranger.readActivity()).toMatchObject({ ok: false, reason: expect.stringContaining('refuses') });
    await stranger.close();
    expect(stranger.lossVerdict()).toBeNull();
  });
});
