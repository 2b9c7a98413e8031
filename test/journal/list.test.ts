import { describe, expect, test } from 'vitest';
import type { Journal } from '../../src/journal/journal.ts';
import { openJournal as openLate } from '../../src/journal/open-journal.ts';
import type { Opened } from '../../src/journal/open-sqlite-journal.ts';
import { createFakeJournal } from '../support/fake-journal.ts';
import { event, openJournal } from '../support/journal-file.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { createRecordedLog } from '../support/recorded-log.ts';

/** Appends an event at each of these moments. */
async function fill(journal: Journal, streams: Readonly<Record<string, readonly number[]>>): Promise<void> {
  for (const [stream, moments] of Object.entries(streams)) {
    const appended = await journal.append(
      stream,
      0,
      journal.epoch,
      moments.map((at) => event({ at })),
    );
    if (!appended.ok) throw new Error(appended.kind);
  }
}

const openers: Readonly<Record<string, () => Promise<Journal>>> = {
  'in SQLite': () => openJournal(),
  'that opens late': openSecond,
  'of the tests': async () => createFakeJournal(),
};

describe.each(Object.entries(openers))('a journal %s', (_, open) => {
  test('lists the streams of a prefix in the order of their names', async () => {
    const journal = await open();
    await fill(journal, { 'runs/b': [3], alerts: [1], 'runs/a': [5], 'incidents/a': [2], runs: [4], 'runs/': [6] });
    expect(await journal.list('runs/')).toEqual({ ok: true, streams: ['runs/', 'runs/a', 'runs/b'] });
    expect(await journal.list('none/')).toEqual({ ok: true, streams: [] });
  });

  test('takes wildcards, quotes and capitals in a prefix for themselves', async () => {
    const journal = await open();
    await fill(journal, { 'r_ns/a': [1], 'runs/a': [1], 'r%/a': [1], "r'/a": [1], 'R_NS/a': [1], 'r*/[a': [1] });
    const cases = [
      ['r_', 'r_ns/a'],
      ['r%', 'r%/a'],
      ['%'],
      ["r'", "r'/a"],
      ['R_', 'R_NS/a'],
      ['r*/[', 'r*/[a'],
    ] as const;
    for (const [prefix, ...streams] of cases) {
      expect(await journal.list(prefix)).toEqual({ ok: true, streams });
      expect(await journal.list(prefix, 9)).toEqual({ ok: true, streams });
    }
  });

  test('lists only so many when it is asked for the newest, the one that was written to last first', async () => {
    const journal = await open();
    await fill(journal, { 'runs/a': [1, 9], 'runs/b': [5], 'runs/c': [7, 8], 'runs/d': [8, 2], alerts: [99] });
    expect(await journal.list('runs/', 3)).toEqual({ ok: true, streams: ['runs/a', 'runs/c', 'runs/b'] });
    expect(await journal.list('runs/', 99)).toEqual({ ok: true, streams: ['runs/a', 'runs/c', 'runs/b', 'runs/d'] });
  });
});

test('a stream that a compaction left empty is listed, and is the oldest', async () => {
  const journal = await openJournal();
  await fill(journal, { 'runs/a': [9], 'runs/b': [1] });
  await journal.compact('runs/a', 1, journal.epoch, []);
  expect(await journal.list('runs/', 5)).toEqual({ ok: true, streams: ['runs/b', 'runs/a'] });
});

test('a closed journal says that it is closed', async () => {
  const journal = await openJournal();
  await journal.close();
  for (const newest of [undefined, 3]) {
    expect(await journal.list('runs/', newest)).toEqual({ ok: false, reason: expect.stringContaining('is closed') });
  }
});

test('a journal that does not open says why instead of a list', async () => {
  const journal = await openLate({
    open: async () => ({ ok: false, reason: 'no such disk' }),
    clock: createManualClock(),
    log: createRecordedLog(),
  });
  expect(await journal.list('runs/', 3)).toEqual({ ok: false, reason: 'no such disk' });
});

/** It fails at first, and opens at the first list that comes late enough. */
async function openSecond(): Promise<Journal> {
  const clock = createManualClock();
  const results: Opened[] = [
    { ok: false, reason: 'the disk is full' },
    { ok: true, journal: await openJournal() },
  ];
  const open = async (): Promise<Opened> => results.shift() ?? { ok: false, reason: 'opened twice' };
  const journal = await openLate({ open, clock, log: createRecordedLog() });
  expect(await journal.list('runs/')).toEqual({ ok: false, reason: 'the disk is full' });
  await clock.advance(30_000);
  expect(await journal.list('runs/')).toEqual({ ok: true, streams: [] });
  return journal;
}
