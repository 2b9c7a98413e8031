import { renameSync, rmSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Journal, Json } from '../../src/journal/journal.ts';
import { prepareSqliteFile } from '../../src/journal/open-sqlite-journal.ts';
import { createSqliteJournal } from '../../src/journal/sqlite-journal.ts';
import { event, journalPath, numbered, openJournal } from '../support/journal-file.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { createRecordedLog } from '../support/recorded-log.ts';

const dataOf = async (journal: Journal, stream: string, after?: number) => {
  const read = await journal.read(stream, after);
  if (!read.ok) throw new Error(read.reason);
  return read.events.map(({ seq, data }) => [seq, data]);
};

describe('appending', () => {
  test('numbers each stream by itself from 1, and reads it back oldest first', async () => {
    const journal = await openJournal();
    expect(await journal.append('alerts', 0, journal.epoch, numbered(2))).toEqual({ ok: true, seq: 2 });
    expect(await journal.append('outbox', 0, journal.epoch, numbered(1, 7))).toEqual({ ok: true, seq: 1 });
    expect(await journal.append('alerts', 2, journal.epoch, numbered(1, 3))).toEqual({ ok: true, seq: 3 });
    expect([
      await dataOf(journal, 'alerts'),
      await dataOf(journal, 'alerts', 2),
      await dataOf(journal, 'none'),
    ]).toEqual([
      [
        [1, 1],
        [2, 2],
        [3, 3],
      ],
      [[3, 3]],
      [],
    ]);
  });

  test.each<[string, Json]>([
    ['null', null],
    ['text with a NUL, half a surrogate and quotes', '\u0000\uD83D"\\\n\u2028'],
    ['a large number', Number.MAX_SAFE_INTEGER],
    ['an object in an array', [{ a: { b: [1.5, false] } }]],
  ])('gives %s back as it was', async (_, data) => {
    const journal = await openJournal();
    await journal.append('alerts', 0, journal.epoch, [event({ data })]);
    expect(await journal.read('alerts')).toEqual({ ok: true, events: [{ ...event({ data }), seq: 1 }] });
  });

  test('keeps types and versions that nobody knows', async () => {
    const journal = await openJournal();
    const odd = event({ type: 'of.the.future', version: 42 });
    await journal.append('alerts', 0, journal.epoch, [odd]);
    expect(await journal.read('alerts')).toEqual({ ok: true, events: [{ ...odd, seq: 1 }] });
  });

  test.each([0, 1, 3])('is refused after %i, where the stream does not end', async (expectedSeq) => {
    const journal = await openJournal();
    await journal.append('alerts', 0, journal.epoch, numbered(2));
    const appended = await journal.append('alerts', expectedSeq, journal.epoch, numbered(1, 9));
    expect(appended).toEqual({ ok: false, kind: 'conflict', seq: 2 });
    expect(await dataOf(journal, 'alerts')).toHaveLength(2);
  });

  test('writes all of it or nothing', async () => {
    const journal = await openJournal();
    const appended = await journal.append('alerts', 0, journal.epoch, [event(), event({ version: 1.5 })]);
    expect(appended).toMatchObject({ ok: false, kind: 'unavailable' });
    expect(await journal.append('alerts', 0, journal.epoch, numbered(1))).toEqual({ ok: true, seq: 1 });
  });
});

describe('compacting', () => {
  test('puts the summary in the place of what it sums up, and leaves later events their numbers', async () => {
    const journal = await openJournal();
    await journal.append('alerts', 0, journal.epoch, numbered(5));
    await journal.append('silences', 0, journal.epoch, numbered(1));
    expect(await journal.compact('alerts', 4, journal.epoch, numbered(2, 100))).toEqual({ ok: true, seq: 5 });
    expect(await dataOf(journal, 'alerts')).toEqual([
      [3, 100],
      [4, 101],
      [5, 5],
    ]);
    expect(await dataOf(journal, 'silences')).toEqual([[1, 1]]);
  });

  test('to nothing does not begin the numbers anew', async () => {
    const path = journalPath();
    const first = await openJournal(path);
    await first.append('alerts', 0, first.epoch, numbered(3));
    await first.compact('alerts', 3, first.epoch, []);
    await first.close();
    const journal = await openJournal(path);
    expect(await journal.append('alerts', 3, journal.epoch, numbered(1))).toEqual({ ok: true, seq: 4 });
  });

  test.each([
    ['beyond the end of the stream', 3, 1, { kind: 'conflict', seq: 2 }],
    ['to more events than were there', 2, 3, { kind: 'unavailable' }],
  ])('%s is refused', async (_, throughSeq, count, outcome) => {
    const journal = await openJournal();
    await journal.append('alerts', 0, journal.epoch, numbered(2));
    expect(await journal.compact('alerts', throughSeq, journal.epoch, numbered(count))).toMatchObject(outcome);
    expect(await dataOf(journal, 'alerts')).toHaveLength(2);
  });
});

describe('the epoch', () => {
  test('fences whoever had the file open before', async () => {
    const path = journalPath();
    const older = await openJournal(path);
    await older.append('alerts', 0, older.epoch, numbered(2));
    const newer = await openJournal(path);
    expect([older.epoch, newer.epoch]).toEqual([1, 2]);
    const fenced = { ok: false, kind: 'fenced', epoch: 2 };
    expect(await older.append('alerts', 2, older.epoch, numbered(1))).toEqual(fenced);
    expect(await older.compact('alerts', 2, older.epoch, [])).toEqual(fenced);
    expect(await newer.append('alerts', 2, newer.epoch, numbered(1, 3))).toEqual({ ok: true, seq: 3 });
  });

  test('goes on after the journal was closed', async () => {
    const path = journalPath();
    await (await openJournal(path)).close();
    expect((await openJournal(path)).epoch).toBe(2);
  });
});

describe('when it cannot write', () => {
  test('a full disk is said, loses nothing, and is over when room returns', async () => {
    const { journal, database } = prepare(journalPath());
    const big = event({ data: 'x'.repeat(8_000) });
    database.exec('PRAGMA max_page_count = 10');
    let stored = 0;
    let appended = await journal.append('alerts', 0, journal.epoch, [big]);
    for (; appended.ok; stored += 1) appended = await journal.append('alerts', appended.seq, journal.epoch, [big]);
    expect(appended).toMatchObject({
      kind: 'unavailable',
      reason: expect.stringMatching(/is full: make room on it$/u),
    });
    expect(await dataOf(journal, 'alerts')).toHaveLength(stored);
    database.exec('PRAGMA max_page_count = 1000');
    expect(await journal.append('alerts', stored, journal.epoch, [big])).toEqual({ ok: true, seq: stored + 1 });
  });

  test('another process that holds the file is named as the reason, and waited for no longer than a moment', async () => {
    const path = journalPath();
    const journal = await openJournal(path);
    const holder = new DatabaseSync(path);
    onTestFinished(() => holder.close());
    holder.exec('BEGIN IMMEDIATE');
    expect(await journal.append('alerts', 0, journal.epoch, numbered(1))).toMatchObject({
      kind: 'unavailable',
      reason: expect.stringContaining('another process holds'),
    });
    holder.exec('COMMIT');
    expect(await journal.append('alerts', 0, journal.epoch, numbered(1))).toEqual({ ok: true, seq: 1 });
  });

  test('a file that was deleted or replaced takes nothing that would be lost with it, until it is back', async () => {
    const path = journalPath();
    const journal = await openJournal(path);
    renameSync(path, `${path}.moved`);
    const gone = expect.stringContaining('was deleted or replaced');
    const unavailable = { ok: false, kind: 'unavailable', reason: gone };
    expect(await journal.append('alerts', 0, journal.epoch, numbered(1))).toEqual(unavailable);
    expect(await journal.compact('alerts', 0, journal.epoch, [])).toEqual(unavailable);
    expect(await journal.read('alerts')).toEqual({ ok: false, reason: gone });
    renameSync(`${path}.moved`, path);
    expect(await journal.append('alerts', 0, journal.epoch, numbered(1))).toEqual({ ok: true, seq: 1 });
  });

  test('a file that is deleted in the middle of an append does not acknowledge it', async () => {
    const path = journalPath();
    const journal = await openJournal(path);
    const data = { toJSON: () => rmSync(path) ?? 'gone' };
    expect(await journal.append('alerts', 0, journal.epoch, [event({ data: data as never })])).toMatchObject({
      kind: 'unavailable',
    });
  });

  test('what cannot be parsed is damage', async () => {
    const { journal, database } = prepare(journalPath());
    await journal.append('alerts', 0, journal.epoch, numbered(1));
    database.exec("UPDATE event SET data = '{'");
    expect(await journal.read('alerts')).toEqual({ ok: false, reason: expect.stringContaining('is damaged') });
  });

  test('it says that it is closed, which may be asked for twice', async () => {
    const log = createRecordedLog();
    const journal = await openJournal(journalPath(), log);
    await journal.close();
    await journal.close();
    expect(log.lines.filter(({ level }) => level === 'warn')).toEqual([]);
    const reason = expect.stringContaining('is closed');
    expect(await journal.append('alerts', 0, 1, numbered(1))).toEqual({ ok: false, kind: 'unavailable', reason });
    expect(await journal.read('alerts')).toEqual({ ok: false, reason });
  });

  test.each([
    ['a quick disk', 499, 0],
    ['a slow disk', 1_000, 1],
  ])('%s: a commit of %i ms makes %i lines in the log', async (_, takesMs, lines) => {
    let now = 0;
    const log = createRecordedLog();
    const { journal } = prepare(journalPath(), () => (now += takesMs), log);
    await journal.append('alerts', 0, journal.epoch, numbered(1));
    expect(log.lines.filter(({ message }) => message.includes('waited long for its disk'))).toHaveLength(lines);
  });
});

describe('the -wal file', () => {
  test('gives back what a burst took', async () => {
    const path = journalPath();
    const journal = await openJournal(path);
    const burst = Array.from({ length: 5_000 }, () => event({ data: 'x'.repeat(4_000) }));
    await journal.append('alerts', 0, journal.epoch, burst);
    expect(statSync(`${path}-wal`).size).toBeGreaterThan(20_000_000);
    for (let seq = 5_000; seq < 5_003; seq += 1) await journal.append('alerts', seq, journal.epoch, [event()]);
    expect(statSync(`${path}-wal`).size).toBeLessThan(5_000_000);
  });

  test('is emptied when the journal opens, and gone when it has closed', async () => {
    const path = journalPath();
    const left = await openJournal(path);
    await left.append('alerts', 0, left.epoch, numbered(100));
    const journal = await openJournal(path);
    expect(statSync(`${path}-wal`).size).toBe(0);
    await left.close();
    await journal.append('outbox', 0, journal.epoch, numbered(1));
    await journal.close();
    expect(statSync(`${path}-wal`, { throwIfNoEntry: false })).toBeUndefined();
    expect(await dataOf(await openJournal(path), 'alerts')).toHaveLength(100);
  });
});

function prepare(path: string, now = () => 0, log = createRecordedLog()) {
  const prepared = prepareSqliteFile(path);
  if (!prepared.ok) throw new Error(prepared.reason);
  const { database, epoch } = prepared;
  const journal = createSqliteJournal({ database, path, epoch, log, clock: { ...createManualClock(), now } });
  onTestFinished(() => journal.close());
  return { journal, database };
}
