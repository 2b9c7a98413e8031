import { describe, expect, test } from 'vitest';
import type { Appended } from '../../src/journal/journal.ts';
import { JournalUnreadableError } from '../../src/journal/stream-writer.ts';
import { NOW } from '../support/builders.ts';
import { event, numbered } from '../support/journal-file.ts';
import { inTurn, streamWriter } from '../support/stream-writer.ts';

describe('while the journal answers', () => {
  test('what is written is durable, after what was there', async () => {
    const { journal, writer, stored } = streamWriter();
    journal.intrude('alerts', numbered(2));
    expect(await writer.load()).toMatchObject([{ seq: 1 }, { seq: 2 }]);
    expect(await writer.write(numbered(2, 3))).toBe('durable');
    expect([stored(), writer.blindSince()]).toEqual([[1, 2, 3, 4], null]);
  });

  test('writes keep the order in which they came, though nobody waits for them', async () => {
    const { writer, stored } = streamWriter();
    await Promise.all([writer.write(numbered(2, 1)), writer.write([]), writer.write(numbered(1, 3))]);
    expect(stored()).toEqual([1, 2, 3]);
  });

  test('an event is kept as it was when it was written', async () => {
    const { writer, stored } = streamWriter();
    const data = { sessions: 91 };
    const written = writer.write([event({ data })]);
    data.sessions = 0;
    await written;
    expect(stored()).toEqual([{ sessions: 91 }]);
  });

  test.each([{ at: Number.NaN }, { version: 1.5 }])('%o, which no journal could hold, blocks nothing', async (odd) => {
    const { writer, stored } = streamWriter();
    await expect(writer.write([event(odd)])).rejects.toThrow(RangeError);
    expect(await writer.write(numbered(1))).toBe('durable');
    expect(stored()).toEqual([1]);
  });
});

describe('while the journal is unavailable', () => {
  test('writers are answered at once, and the events are stored once it answers, in order and once', async () => {
    const { journal, clock, writer, stored, log } = streamWriter();
    journal.fate = inTurn('uncertain', 'lost', 'late', 'uncertain');
    await writer.load();
    expect(await writer.write(numbered(1, 1))).toBe('later');
    await clock.advance(100);
    expect(writer.blindSince()).toEqual({ since: NOW, reason: 'the disk is full' });
    const appends = journal.appends;
    expect(await writer.write(numbered(1, 2))).toBe('later');
    expect(journal.appends).toBe(appends);
    await clock.advance(60_000);
    await writer.idle();
    expect([stored(), writer.blindSince()]).toEqual([[1, 2], null]);
    expect(log.lines.map(({ level }) => level)).toEqual(['warn', 'info', 'warn', 'info']);
    // Nothing is in doubt any more, so nothing needs to be read.
    journal.unreadable = () => 'the disk fails';
    expect(await writer.write(numbered(1, 3))).toBe('durable');
  });

  test('it is tried after 250 ms, then twice as long each time, up to 10 s', async () => {
    const { journal, clock, writer } = streamWriter();
    journal.fate = () => 'lost';
    void writer.write(numbered(1));
    const waits: number[] = [];
    for (let times = 0; times < 8; times += 1) {
      await clock.advance(waits.at(-1) ?? 0);
      waits.push(...clock.sleeping());
    }
    expect(waits).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
    expect(writer.blindSince()?.since).toBe(NOW);
    void writer.write(numbered(500));
    journal.fate = inTurn('stored', 'lost');
    await clock.advance(10_000);
    expect(clock.sleeping()).toEqual([250]);
  });

  test('an unreadable stream throws, is blindness, and does not stop what is written', async () => {
    const { journal, clock, writer, stored } = streamWriter();
    journal.intrude('alerts', numbered(1));
    journal.unreadable = () => 'the disk fails';
    await expect(writer.load()).rejects.toThrow(JournalUnreadableError);
    expect(writer.blindSince()).toEqual({ since: NOW, reason: 'the disk fails' });
    expect(await writer.write(numbered(1, 2))).toBe('later');
    journal.unreadable = () => null;
    await clock.advance(10_000);
    expect([stored(), writer.blindSince()]).toEqual([[1, 2], null]);
  });

  test('an unread stream that begins with the same event takes it once more', async () => {
    const { journal, writer, stored, log } = streamWriter();
    journal.intrude('alerts', numbered(1));
    expect(await writer.write(numbered(1))).toBe('durable');
    expect([stored(), log.lines]).toEqual([[1, 1], []]);
  });

  test('a stream that can be read again ends the blindness, unless it still cannot be written', async () => {
    const { journal, clock, writer } = streamWriter();
    const unreadable = ['the disk fails'];
    journal.unreadable = () => unreadable.shift() ?? null;
    await expect(writer.load()).rejects.toThrow('the disk fails');
    await writer.load();
    expect(writer.blindSince()).toBeNull();
    journal.fate = () => 'lost';
    void writer.write(numbered(1));
    await clock.advance(0);
    await writer.load();
    expect(writer.blindSince()).not.toBeNull();
  });

  test('keeps the newest 10,000 events, and says how many it dropped', async () => {
    const { journal, clock, writer, stored, log } = streamWriter();
    await writer.load();
    journal.fate = () => 'lost';
    void writer.write(numbered(1, 1));
    await clock.advance(0);
    for (let first = 2; first <= 10_101; first += 100) void writer.write(numbered(100, first));
    expect(log.lines.filter(({ level }) => level === 'error')).toHaveLength(1);
    journal.fate = () => 'stored';
    const appends = journal.appends;
    await clock.advance(60_000);
    expect(journal.appends - appends, 'lots of 500 after the first').toBe(1 + 20);
    // The first was under way: it may be stored already, so it stays.
    expect(stored()).toEqual([1, ...Array.from({ length: 9_900 }, (_, index) => 202 + index)]);
    expect(log.lines.at(-1)).toMatchObject({ level: 'info', fields: { dropped: 200 } });
  });

  test('one write beyond that bound is kept whole', async () => {
    const { writer, stored } = streamWriter();
    expect(await writer.write(numbered(10_001))).toBe('durable');
    expect(stored()).toHaveLength(10_001);
  });
});

describe('another writer', () => {
  test('of the same epoch is an error in the log, and written after', async () => {
    const { journal, writer, stored, log } = streamWriter();
    await writer.load();
    journal.intrude('alerts', numbered(2, 8));
    expect(await writer.write(numbered(1))).toBe('durable');
    expect(stored()).toEqual([8, 9, 1]);
    expect(log.lines).toMatchObject([{ level: 'error', fields: { others: 2 } }]);
  });

  test('that is always ahead is unavailability, not a busy loop', async () => {
    const { journal, clock, writer } = streamWriter();
    let seq = 0;
    journal.append = async () => ({ ok: false, kind: 'conflict', seq: (seq += 1) });
    expect(await writer.write(numbered(1))).toBe('later');
    await clock.advance(0);
    expect([seq, writer.blindSince()?.reason]).toEqual([2, 'somebody else writes into the same stream']);
  });

  test('may have put an old file back: that is an error in the log, and what comes is written', async () => {
    const { journal, writer, stored, log } = streamWriter();
    journal.intrude('alerts', numbered(3));
    await writer.load();
    journal.truncate('alerts', 1);
    expect(await writer.write(numbered(1, 4))).toBe('durable');
    expect(stored()).toEqual([1, 4]);
    expect(log.lines).toMatchObject([{ level: 'error', message: 'the stream has lost its end' }]);
  });

  test('of a newer epoch is reported once, though two things meet it', async () => {
    const { journal, writer, fencedBy } = streamWriter();
    await writer.load();
    journal.newerEpoch = 2;
    const slow = Promise.withResolvers<Appended>();
    journal.compact = () => slow.promise;
    const compacted = writer.compact([]);
    await writer.write(numbered(1));
    slow.resolve({ ok: false, kind: 'fenced', epoch: 2 });
    expect(await compacted).toEqual({ ok: false, reason: 'a newer writer has taken over' });
    expect(fencedBy).toEqual([2]);
  });

  test('of a newer epoch is met by compacting too', async () => {
    const { journal, writer, fencedBy } = streamWriter();
    await writer.load();
    journal.newerEpoch = 2;
    await writer.compact([]);
    expect(fencedBy).toEqual([2]);
  });

  test('of a newer epoch ends this one, once, and nothing waits any longer', async () => {
    const { journal, writer, stored, fencedBy } = streamWriter();
    await writer.load();
    journal.newerEpoch = 2;
    expect(await Promise.all([writer.write(numbered(1)), writer.write(numbered(1))])).toEqual(['later', 'later']);
    expect(await writer.write(numbered(1))).toBe('later');
    await writer.idle();
    await writer.stop();
    expect([fencedBy, stored(), journal.appends]).toEqual([[2], [], 1]);
  });
});
