import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Login, type RunningPostgres, startPostgres } from '../../sandbox/postgres/start-postgres.ts';
import type { DatabaseSource } from '../../src/model/database-source.ts';
import { BOT_ROLES, connectSource, untilHeld } from '../support/database-source.ts';
import { connectClient, runSql, SERVER_KINDS } from '../support/postgres.ts';
import { expectSignal, readSignals } from '../support/signals.ts';
import { makeStandby } from '../support/standby.ts';

describe.each(SERVER_KINDS)('replication, as read from both sides: $label', ({ binaries }) => {
  let [primary, standby]: RunningPostgres[] = [];
  let onPrimary: DatabaseSource;
  let onStandby: DatabaseSource;
  beforeAll(async () => {
    const settings = { archive_mode: true, archive_command: 'true', wal_receiver_status_interval: '1s' };
    const started = await Promise.all([
      startPostgres({ binaries, roles: BOT_ROLES, settings }),
      startPostgres({ binaries, settings }),
    ]);
    [primary, standby] = started;
    await makeStandby(started[1], started[0], 'copy');
    onPrimary = connectSource(started[0]).source;
    onStandby = connectSource(started[1]).source;
  });
  beforeEach(() => Promise.all([untilHeld(onPrimary), untilHeld(onStandby)]));
  afterAll(async () => {
    await Promise.all([onPrimary?.close(), onStandby?.close()]);
    await Promise.all([primary?.close(), standby?.close()]);
  });
  const onServer = (server: RunningPostgres | undefined, ...sql: readonly string[]) => {
    if (server === undefined) throw new Error('not started');
    return runSql({ ...server.superuser, password: primary?.superuser.password ?? '' }, ...sql);
  };
  const write = () =>
    onServer(primary, "select pg_logical_emit_message(true, 'test', 'x')", 'select pg_current_xact_id()');

  it('is not behind once it has caught up, though the primary then shows no lag at all', async () => {
    await write();
    await expectSignal(onPrimary, ({ standbys }) => standbys, [{ name: 'copy', lagMs: expect.any(Number) }]);
    await expect.poll(async () => (await readSignals(onPrimary)).standbys[0]?.lagMs, { timeout: 15_000 }).toBe(0);
    await expectSignal(onStandby, ({ standbys }) => standbys, [{ name: 'this server', lagMs: 0 }]);
  });

  it('falls behind while its replay is paused, and the primary knows no better than that it is not caught up', async () => {
    await write();
    // Until it has replayed a transaction it has no time to count from.
    await expect.poll(countReplayed, { timeout: 15_000 }).toBe(1);
    await onServer(standby, 'select pg_wal_replay_pause()');
    const lagOf = async (source: DatabaseSource) => (await readSignals(source)).standbys[0]?.lagMs;
    try {
      const lagOnStandby = async () => {
        await write();
        return lagOf(onStandby);
      };
      await expect.poll(lagOnStandby, { timeout: 15_000 }).toBeGreaterThan(500);
      await expect.poll(() => lagOf(onPrimary), { timeout: 15_000 }).not.toBe(0);
    } finally {
      await onServer(standby, 'select pg_wal_replay_resume()');
    }
  });

  it('keeps slots of its own, whose WAL counts from what it has received', async () => {
    await onServer(
      standby,
      "select pg_create_physical_replication_slot('cascade', true)",
      'select pg_wal_replay_pause()',
    );
    await onServer(primary, "select pg_logical_emit_message(true, 'test', repeat('x', 2000000))");
    const retained = async () => (await readSignals(onStandby)).slots[0]?.retainedBytes;
    await expect.poll(retained, { timeout: 15_000 }).toBeGreaterThan(2_000_000);
    await onServer(standby, 'select pg_wal_replay_resume()', "select pg_drop_replication_slot('cascade')");
  });

  it('does not archive as a standby, unless it is told to always', async () => {
    expect((await readSignals(onStandby)).archiver).toBeNull();
    expect((await readSignals(onPrimary)).archiver).not.toBeNull();
  });

  it('takes neither a base backup nor who has only logged in for a standby', async () => {
    const { host, port, user, password } = primary?.superuser ?? {};
    const backup = new Client({ host, port, user, password, ssl: false, replication: 'true' } as object);
    backup.on('error', () => {}); // Its connection is cut below.
    await backup.connect();
    expect((await readSignals(onPrimary)).standbys.map(({ name }) => name)).toEqual(['copy']);
    const cut = backup.query("BASE_BACKUP (LABEL 'test', CHECKPOINT 'fast', MAX_RATE 32)").catch(() => {});
    await expect.poll(countBackups, { timeout: 15_000 }).toBe(1);
    expect((await readSignals(onPrimary)).standbys.map(({ name }) => name)).toEqual(['copy']);
    Reflect.get(backup, 'connection').stream.destroy();
    await cut;
  });

  it('is as far behind as its last transaction is old when nothing streams any longer', async () => {
    await write();
    await expectSignal(onStandby, ({ standbys }) => standbys, [{ lagMs: 0 }]);
    await onServer(
      primary,
      "select pg_terminate_backend(pid) from pg_stat_replication where application_name = 'copy'",
    );
    await primary?.stop('fast');
    await expect
      .poll(async () => (await readSignals(onStandby)).standbys[0]?.lagMs, { timeout: 15_000 })
      .toBeGreaterThan(0);
  });

  const countBackups = () => countRows(primary, "from pg_stat_replication where state = 'backup'");
  const countReplayed = () => countRows(standby, 'where pg_last_xact_replay_timestamp() is not null');

  async function countRows(server: RunningPostgres | undefined, from: string): Promise<number> {
    const client = await connectClient({
      ...(server?.superuser as Login),
      password: primary?.superuser.password ?? '',
    });
    const { rows } = await client.query(`select ${from}`);
    await client.end();
    return rows.length;
  }
});
