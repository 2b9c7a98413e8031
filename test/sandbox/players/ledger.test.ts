import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { comesToHold } from '../../../sandbox/drill/see-alerts.ts';
import { type Ledger, openLedger } from '../../../sandbox/players/ledger.ts';
import { type RunningPostgres, startPostgres } from '../../../sandbox/postgres/start-postgres.ts';

let postgres: RunningPostgres;
let ledger: Ledger;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.close());
beforeEach(async () => {
  ledger = await openLedger(postgres.superuser, { everyMs: 1 });
  await ledger.writes(50);
});
afterEach(async () => {
  await ledger.close();
  await inDatabase('postgres', 'drop database ledger with (force)');
  await inDatabase('postgres', 'drop role ledger');
});

async function inDatabase(database: string, sql: string): Promise<void> {
  const client = new Client({ ...postgres.superuser, database, ssl: false });
  await client.connect();
  await client.query(sql);
  await client.end();
}

describe('a ledger', () => {
  it('finds every acknowledged row again, and goes on writing', async () => {
    const { complete, expected, found } = await ledger.verify();
    expect(complete).toBe(true);
    expect(found).toEqual(expected);
    expect(found.rows).toBeGreaterThanOrEqual(50);
    await ledger.writes(10);
  });

  it.each([
    [
      'its session is ended',
      () => inDatabase('postgres', "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'ledger'"),
    ],
    ['the server is stopped fast and started', () => postgres.restart()],
    [
      'the server is killed with -9 and started',
      async () => {
        await postgres.kill('SIGKILL');
        await postgres.restart();
      },
    ],
  ])('is complete after %s', async (_, befall) => {
    await befall();
    await ledger.writes(10);
    const verdict = await ledger.verify();
    expect(verdict).toMatchObject({ complete: true, twice: 0, damaged: 0 });
    expect(ledger.logins()).toBeGreaterThanOrEqual(2);
    expect(verdict.uncertain).toBeLessThanOrEqual(ledger.uncertain());
  });

  it.each([
    ['a row is missing', 'delete from entry where n = 7', { twice: 0, damaged: 0 }],
    ['a row is there twice', 'insert into entry select * from entry where n = 7', { twice: 1 }],
    ['a row is another', "update entry set checksum = 'x' where n = 7", { damaged: 1 }],
    ['one is missing and another made up', 'update entry set n = -n where n = 7', { damaged: 1 }],
  ])('is not complete when %s', async (_, sql, verdict) => {
    await inDatabase('ledger', sql);
    expect(await ledger.verify()).toMatchObject({ complete: false, ...verdict });
  });

  it('lets a commit whose answer never came be there or not, but not twice', async () => {
    const blocker = new Client({ ...postgres.superuser, database: 'ledger', ssl: false });
    await blocker.connect();
    await blocker.query('begin; lock table entry in exclusive mode');
    const isWaiting = async () => {
      const { rows } = await blocker.query(
        "select 1 from pg_stat_activity where usename = 'ledger' and wait_event_type = 'Lock'",
      );
      return rows.length > 0;
    };
    expect(await comesToHold(isWaiting)).toBe(true);
    const n = ledger.acknowledged() + 1;
    await blocker.query("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'ledger'");
    expect(await comesToHold(() => ledger.uncertain() === 1)).toBe(true);
    await blocker.query('rollback');
    const write = () => blocker.query(`insert into entry values (${n}, md5('${n}'))`);
    expect(await ledger.verify()).toMatchObject({ complete: true, uncertain: 0 });
    await write();
    expect(await ledger.verify()).toMatchObject({ complete: true, uncertain: 1, twice: 0 });
    await write();
    expect(await ledger.verify()).toMatchObject({ complete: false, uncertain: 2, twice: 1 });
    await blocker.end();
  });

  it('can be closed while the server answers nobody', async () => {
    await postgres.hang();
    await ledger.close();
    await postgres.thaw();
  });
});
