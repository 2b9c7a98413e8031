import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { explainFault } from '../../src/journal/explain-fault.ts';
import { openSqliteJournal, prepareSqliteFile } from '../../src/journal/open-sqlite-journal.ts';
import { APPLICATION_ID, MIGRATIONS, migrate } from '../../src/journal/sqlite-schema.ts';
import { event, journalPath, numbered, openJournal } from '../support/journal-file.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { createRecordedLog } from '../support/recorded-log.ts';

const open = (path: string) => openSqliteJournal({ path, log: createRecordedLog(), clock: createManualClock() });
const refusal = (says: string) => ({ ok: false, reason: expect.stringContaining(says) });
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

describe('the file', () => {
  test('is made with its directories, for its user alone, the -wal and -shm files too', async () => {
    const path = join(journalPath('var'), 'lib', 'breakwater.db');
    const journal = await openJournal(path);
    await journal.append('alerts', 0, journal.epoch, [event()]);
    expect([path, `${path}-wal`, `${path}-shm`].map(modeOf)).toEqual(['600', '600', '600']);
    expect(modeOf(dirname(path))).toBe('700');
  });

  test('that others could read is closed to them', async () => {
    const path = journalPath();
    await (await openJournal(path)).close();
    chmodSync(path, 0o644);
    await openJournal(path);
    expect([path, `${path}-wal`].map(modeOf)).toEqual(['600', '600']);
  });

  test('is written through to the disk at each commit, and never waited for longer than a moment', () => {
    const prepared = prepareSqliteFile(journalPath());
    if (!prepared.ok) throw new Error(prepared.reason);
    const { database } = prepared;
    onTestFinished(() => database.close());
    const read = (pragma: string) => Object.values(database.prepare(`PRAGMA ${pragma}`).get() ?? {})[0];
    // https://www.sqlite.org/pragma.html#pragma_synchronous: 2 is FULL
    expect([read('journal_mode'), read('synchronous'), read('busy_timeout')]).toEqual(['wal', 2, 200]);
  });
});

describe('a file that cannot be the journal', () => {
  test('a directory', async () => {
    const path = journalPath();
    mkdirSync(path);
    expect(await open(path)).toEqual(refusal('cannot be opened'));
  });

  test('a way that leads through a file', async () => {
    const path = journalPath();
    writeFileSync(path, '');
    expect(await open(join(path, 'breakwater.db'))).toEqual(refusal('name another one for the journal'));
  });

  // Not even root may make a file in /sys.
  test('one in a directory that cannot be written to', async () => {
    expect(await open('/sys/breakwater.db')).toEqual({
      ok: false,
      reason: expect.stringMatching(/write access|read-only/u),
    });
  });

  test('something that is no database, which it leaves alone', async () => {
    const path = journalPath();
    const text = 'minutes of the meeting\n'.repeat(1_000);
    writeFileSync(path, text);
    expect(await open(path)).toEqual(refusal('is not a database'));
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  test("another program's database, which it leaves alone", async () => {
    const path = journalPath();
    const other = new DatabaseSync(path);
    other.exec('CREATE TABLE bookmarks (url TEXT)');
    other.close();
    const before = readFileSync(path);
    expect(await open(path)).toEqual(refusal("another program's SQLite database"));
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  test('a journal of a newer version', async () => {
    const path = journalPath();
    await (await openJournal(path)).close();
    const database = new DatabaseSync(path);
    database.exec(`PRAGMA user_version = ${MIGRATIONS.length + 1}`);
    database.close();
    expect(await open(path)).toEqual(refusal('was written by a newer version of breakwater'));
  });

  test.each([
    ['whose middle was overwritten', (bytes: Buffer) => bytes.fill(0xa5, 3 * 4096, 20 * 4096)],
    ['that was cut off', (bytes: Buffer) => bytes.subarray(0, 10 * 4096)],
  ])('a journal %s', async (_, spoil) => {
    const path = journalPath();
    const journal = await openJournal(path);
    await journal.append('alerts', 0, journal.epoch, numbered(2_000));
    await journal.close();
    writeFileSync(path, spoil(readFileSync(path)));
    expect(await open(path)).toEqual(refusal('is damaged: move it and its -wal and -shm files aside'));
  });

  test('one that another process holds', async () => {
    const path = journalPath();
    await (await openJournal(path)).close();
    const holder = new DatabaseSync(path);
    onTestFinished(() => holder.close());
    holder.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    expect(await open(path)).toEqual(refusal('another process holds'));
  });
});

describe('the schema', () => {
  test('is brought forward by the steps that it has not seen, and by those only once', () => {
    const database = new DatabaseSync(':memory:');
    const steps = ['CREATE TABLE a (x TEXT) STRICT', 'ALTER TABLE a ADD COLUMN y TEXT'];
    migrate(database, steps.slice(0, 1));
    database.exec("INSERT INTO a VALUES ('kept')");
    migrate(database, steps);
    migrate(database, steps);
    expect(database.prepare('SELECT x, y FROM a').all()).toEqual([{ x: 'kept', y: null }]);
    expect(database.prepare('PRAGMA user_version').get()).toEqual({ user_version: 2 });
  });

  test('carries the name of the program', async () => {
    const path = journalPath();
    await (await openJournal(path)).close();
    expect(readFileSync(path).readUInt32BE(68)).toBe(APPLICATION_ID);
    expect(existsSync(`${path}-wal`)).toBe(false);
  });
});

test.each([
  [{ errcode: 8 | (3 << 8) }, 'is not writable'],
  [{ errcode: 10 | (12 << 8) }, 'fails: look at it (dmesg)'],
  [{ errcode: 6 }, 'another process holds'],
  [{ code: 'EROFS' }, 'read-only file system'],
  [{ code: 'ENOSPC' }, 'is full'],
  [{ code: 'EACCES' }, 'is not writable'],
  [{ code: 'EPERM' }, 'the owner of the file'],
  [{ errcode: 999, message: 'something new' }, 'something new'],
])('%o is told as "%s"', (parts, says) => {
  expect(explainFault(Object.assign(new Error('?'), parts), '/var/lib/j.db')).toContain(says);
});
