import { expect, test } from 'vitest';
import { openJournal } from '../../src/journal/open-journal.ts';
import type { Opened } from '../../src/journal/open-sqlite-journal.ts';
import { createStreamWriter } from '../../src/journal/stream-writer.ts';
import { createFakeJournal } from '../support/fake-journal.ts';
import { numbered } from '../support/journal-file.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { createRecordedLog } from '../support/recorded-log.ts';

function setUp(...refusals: string[]) {
  const journal = createFakeJournal();
  const clock = createManualClock();
  const log = createRecordedLog();
  const attempts: number[] = [];
  const open = async (): Promise<Opened> => {
    attempts.push(clock.now());
    const reason = refusals.shift();
    return reason === undefined ? { ok: true, journal } : { ok: false, reason };
  };
  return { journal, clock, log, attempts, opening: openJournal({ open, clock, log }) };
}

test('a journal that opens is used as it is', async () => {
  const { journal, opening } = setUp();
  expect(await opening).toBe(journal);
});

test('one that does not open is unavailable for that reason, and said once in the log', async () => {
  const { opening, log } = setUp('the disk is full');
  const journal = await opening;
  expect(await journal.append('alerts', 0, 0, numbered(1))).toMatchObject({ reason: 'the disk is full' });
  expect(await journal.compact('alerts', 0, 0, [])).toMatchObject({ kind: 'unavailable', reason: 'the disk is full' });
  expect(await journal.read('alerts')).toEqual({ ok: false, reason: 'the disk is full' });
  expect(log.lines).toMatchObject([{ level: 'error', fields: { reason: 'the disk is full' } }]);
});

test('what is written meanwhile is stored once it opens, which is tried every 30 s however many read', async () => {
  const { journal, clock, log, attempts, opening } = setUp('the disk is full', 'still full');
  const late = await opening;
  const fenced: number[] = [];
  const writers = ['alerts', 'outbox'].map((stream) =>
    createStreamWriter({ journal: late, stream, clock, log, onFenced: (epoch) => fenced.push(epoch) }),
  );
  for (const writer of writers) {
    await expect(writer.load()).rejects.toThrow('the disk is full');
    expect(await writer.write(numbered(2))).toBe('later');
  }
  await clock.advance(45_000);
  expect(writers.map((writer) => writer.blindSince()?.reason)).toEqual(['still full', 'still full']);
  await clock.advance(35_000);
  for (const stream of ['alerts', 'outbox']) expect(journal.stored(stream).map(({ data }) => data)).toEqual([1, 2]);
  expect([attempts.length, fenced, late.epoch]).toEqual([3, [], 1]);
});

test('closed before it opened, it opens no more', async () => {
  const { clock, attempts, opening } = setUp('the disk is full');
  const journal = await opening;
  await journal.close();
  await clock.advance(60_000);
  expect(await journal.read('alerts')).toMatchObject({ ok: false });
  expect(attempts).toHaveLength(1);
});

test('closed while it was being opened, it closes what it got', async () => {
  const clock = createManualClock();
  const inner = createFakeJournal();
  let closed = 0;
  inner.close = async () => {
    closed += 1;
  };
  const slow = Promise.withResolvers<Opened>();
  const answers = [Promise.resolve<Opened>({ ok: false, reason: 'the disk is full' }), slow.promise];
  const open = () => answers.shift() ?? slow.promise;
  const journal = await openJournal({ open, clock, log: createRecordedLog() });
  await clock.advance(30_000);
  const reading = journal.read('alerts');
  await journal.close();
  slow.resolve({ ok: true, journal: inner });
  expect(await reading).toMatchObject({ ok: false });
  expect(closed).toBe(1);
});
