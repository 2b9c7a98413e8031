import { describe, expect, test } from 'vitest';
import type { Appended } from '../../src/journal/journal.ts';
import { createStreamWriter, JournalUnreadableError } from '../../src/journal/stream-writer.ts';
import { NOW } from '../support/builders.ts';
import { createFakeJournal, type Fate } from '../support/fake-journal.ts';
import { event, numbered } from '../support/journal-file.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { createRecordedLog } from '../support/recorded-log.ts';

function setUp() {
  const journal = createFakeJournal();
  const clock = createManualClock(NOW);
  const log = createRecordedLog();
  const fencedBy: number[] = [];
  const writer = createStreamWriter({
    journal,
    stream: 'alerts',
    clock,
    log,
    onFenced: (epoch) => fencedBy.push(epoch),
  });
  const stored = () => journal.stored('alerts').map(({ data }) => data);
  return { journal, clock, log, writer, stored, fencedBy };
}

/** Fates in turn, then all goes well. */
function inTurn(...fates: Fate[]): () => Fate {
  return () => fates.shift() ?? 'stored';
}

describe('while the journal answers', () => {
  test('what is written is durable, after what was there', async () => {
    const { journal, writer, stored } = setUp();
    journal.intrude('alerts', numbered(2));
    expect(await writer.load()).toMatchObject([{ seq: 1 }, { seq: 2 }]);
    expect(await writer.write(numbered(2, 3))).toBe('durable');
    expect([stored(), writer.blindSince()]).toEqual([[1, 2, 3, 4], null]);
  });

  test('writes keep the order in which they came, though nobody waits for them', async () => {
    const { writer, stored } = setUp();
    await Promise.all([writer.write(numbered(2, 1)), writer.write([]), writer.write(numbered(1, 3))]);
    expect(stored()).toEqual([1, 2, 3]);
  });

  test('an event is kept as it was when it was written', async () => {
    const { writer, stored } = setUp();
    const data = { sessions: 91 };
    const written = writer.write([event({ data })]);
    data.sessions = 0;
    await written;
    expect(stored()).toEqual([{ sessions: 91 }]);
  });

  test.each([{ at: Number.NaN }, { version: 1.5 }])('%o, which no journal could hold, blocks nothing', async (odd) => {
    const { writer, stored } = setUp();
    await expect(writer.write([event(odd)])).rejects.toThrow(RangeError);
    expect(await writer.write(numbered(1))).toBe('durable');
    expect(stored()).toEqual([1]);
  });
});

describe('while the journal is unavailable', () => {
  test('writers are answered at once, and the events are stored once it answers, in order and once', async () => {
    const { journal, clock, writer, stored, log } = setUp();
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
    const { journal, clock, writer } = setUp();
    journal.fate = () => 'lost';
    void writer.write(numbered(1));
    const waits: number[] = [];
    for (let times = 0; times < 8; times += 1) {
      await clock.advance(waits.at(-1) ?? 0);
      waits.push(...clock.sleeping());
    }
    expect(waits).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
    expect(writer.blindSince()?.since).toBe(NOW);
  });

  test('an unreadable stream throws, is blindness, and does not stop what is written', async () => {
    const { journal, clock, writer, stored } = setUp();
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
    const { journal, writer, stored } = setUp();
    journal.intrude('alerts', numbered(1));
    expect(await writer.write(numbered(1))).toBe('durable');
    expect(stored()).toEqual([1, 1]);
  });

  test('a stream that can be read again ends the blindness, unless it still cannot be written', async () => {
    const { journal, clock, writer } = setUp();
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
    const { journal, clock, writer, stored, log } = setUp();
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
    const { writer, stored } = setUp();
    expect(await writer.write(numbered(10_001))).toBe('durable');
    expect(stored()).toHaveLength(10_001);
  });
});

describe('another writer', () => {
  test('of the same epoch is an error in the log, and written after', async () => {
    const { journal, writer, stored, log } = setUp();
    await writer.load();
    journal.intrude('alerts', numbered(2, 8));
    expect(await writer.write(numbered(1))).toBe('durable');
    expect(stored()).toEqual([8, 9, 1]);
    expect(log.lines).toMatchObject([{ level: 'error', fields: { others: 2 } }]);
  });

  test('that is always ahead is unavailability, not a busy loop', async () => {
    const { journal, clock, writer } = setUp();
    let seq = 0;
    journal.append = async () => ({ ok: false, kind: 'conflict', seq: (seq += 1) });
    expect(await writer.write(numbered(1))).toBe('later');
    await clock.advance(0);
    expect([seq, writer.blindSince()?.reason]).toEqual([2, 'somebody else writes into the same stream']);
  });

  test('may have put an old file back: that is an error in the log, and what comes is written', async () => {
    const { journal, writer, stored, log } = setUp();
    journal.intrude('alerts', numbered(3));
    await writer.load();
    journal.truncate('alerts', 1);
    expect(await writer.write(numbered(1, 4))).toBe('durable');
    expect(stored()).toEqual([1, 4]);
    expect(log.lines).toMatchObject([{ level: 'error', message: 'the stream has lost its end' }]);
  });

  test('of a newer epoch is reported once, though two things meet it', async () => {
    const { journal, writer, fencedBy } = setUp();
    await writer.load();
    journal.newerEpoch = 2;
    await Promise.all([writer.compact([]), writer.write(numbered(1))]);
    expect(fencedBy).toEqual([2]);
  });

  test('of a newer epoch ends this one, once, and nothing waits any longer', async () => {
    const { journal, writer, stored, fencedBy } = setUp();
    await writer.load();
    journal.newerEpoch = 2;
    expect(await Promise.all([writer.write(numbered(1)), writer.write(numbered(1))])).toEqual(['later', 'later']);
    expect(await writer.write(numbered(1))).toBe('later');
    await writer.idle();
    await writer.stop();
    expect([fencedBy, stored(), journal.appends]).toEqual([[2], [], 1]);
  });
});

describe('compacting', () => {
  test('puts the summary in the place of all that was written', async () => {
    const { writer, stored } = setUp();
    await writer.load();
    await writer.write(numbered(3));
    expect(await writer.compact(numbered(1, 100))).toEqual({ ok: true });
    await writer.write(numbered(1, 4));
    expect(stored()).toEqual([100, 4]);
  });

  test('a stream that was compacted to nothing is written on by the next writer, without alarm', async () => {
    const { journal, clock, writer, log, stored } = setUp();
    await writer.load();
    await writer.write(numbered(3));
    await writer.compact([]);
    const next = createStreamWriter({ journal, stream: 'alerts', clock, log, onFenced: () => {} });
    await next.load();
    expect(await next.write(numbered(1, 4))).toBe('durable');
    expect([stored(), log.lines]).toEqual([[4], []]);
  });

  test('is refused while events wait, since the summary would count them twice', async () => {
    const { journal, clock, writer, stored } = setUp();
    expect(await writer.compact([])).toMatchObject({ ok: false });
    await writer.load();
    await writer.write(numbered(1));
    journal.fate = inTurn('lost');
    await writer.write(numbered(1, 2));
    expect(await writer.compact(numbered(1, 100))).toEqual({ ok: false, reason: 'events wait to be written' });
    await clock.advance(1_000);
    expect(stored()).toEqual([1, 2]);
  });
});

describe('stopping', () => {
  test('tries once more at once', async () => {
    const { journal, writer, stored } = setUp();
    journal.fate = inTurn('lost');
    await writer.write(numbered(2));
    await writer.stop();
    expect(stored()).toEqual([1, 2]);
  });

  test('gives up when that fails, and counts what is lost', async () => {
    const { journal, clock, writer, log } = setUp();
    journal.fate = () => 'lost';
    await writer.write(numbered(2));
    await writer.stop();
    expect(log.lines.at(-1)).toMatchObject({ level: 'error', fields: { lost: 2, reason: 'the disk is full' } });
    expect(await writer.write(numbered(1))).toBe('later');
    expect([journal.appends, clock.sleeping()]).toEqual([2, []]);
  });

  test('does not wait for a journal that never answers', async () => {
    const { journal, clock, writer, log } = setUp();
    journal.append = () => new Promise(() => {});
    const written = writer.write(numbered(2));
    const stopped = writer.stop();
    await clock.advance(2_000);
    await stopped;
    expect(await written).toBe('later');
    expect(log.lines.at(-1)).toMatchObject({ level: 'error', fields: { lost: 2 } });
  });

  test('writes nothing more when that journal fails after all', async () => {
    const { journal, clock, writer } = setUp();
    const { promise, resolve } = Promise.withResolvers<Appended>();
    let appends = 0;
    journal.append = () => {
      appends += 1;
      return promise;
    };
    void writer.write(numbered(1));
    const stopped = writer.stop();
    await clock.advance(2_000);
    await stopped;
    resolve({ ok: false, kind: 'unavailable', reason: 'too late' });
    await clock.advance(60_000);
    expect([appends, writer.blindSince()]).toEqual([1, null]);
  });
});
