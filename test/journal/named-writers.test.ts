import { describe, expect, test } from 'vitest';
import { createNamedWriters } from '../../src/journal/named-writers.ts';
import { createFakeJournal } from '../support/fake-journal.ts';
import { event } from '../support/journal-file.ts';
import { createManualClock, settle } from '../support/manual-clock.ts';
import { createRecordedLog } from '../support/recorded-log.ts';

function namedWriters() {
  const journal = createFakeJournal();
  const clock = createManualClock();
  const log = createRecordedLog();
  const writers = createNamedWriters({ journal, clock, log, onFenced: () => {} });
  const stored = (stream: string) => journal.stored(stream).map(({ data }) => data);
  return { journal, clock, log, writers, stored };
}

describe('the writers of many streams', () => {
  test('are one per name', () => {
    const { writers } = namedWriters();
    expect(writers.open('runs/a')).toBe(writers.open('runs/a'));
    expect(writers.open('runs/a')).not.toBe(writers.open('runs/b'));
  });

  test('are let go when they have written, so that 10,000 runs hold none', async () => {
    const { writers, stored } = namedWriters();
    for (let run = 0; run < 10_000; run += 1) {
      await writers.open(`runs/${run}`).write([event({ data: run })]);
      writers.release(`runs/${run}`);
    }
    await settle();
    expect(writers.size).toBe(0);
    expect(stored('runs/9999')).toEqual([9_999]);
  });

  test('write on where they were when they are opened again', async () => {
    const { writers, stored } = namedWriters();
    await writers.open('runs/a').write([event({ data: 1 })]);
    writers.release('runs/a');
    await settle();
    await writers.open('runs/a').write([event({ data: 2 })]);
    expect(stored('runs/a')).toEqual([1, 2]);
  });

  test('are kept while something waits to be written', async () => {
    const { journal, writers, clock, stored } = namedWriters();
    journal.fate = () => 'lost';
    await writers.open('runs/a').write([event({ data: 1 })]);
    writers.release('runs/a');
    await settle();
    expect([writers.size, writers.blindSince()]).toEqual([1, { since: clock.now(), reason: 'the disk is full' }]);
    journal.fate = () => 'stored';
    await clock.advance(10_000);
    expect([writers.size, writers.blindSince(), stored('runs/a')]).toEqual([0, null, [1]]);
  });

  test('are kept when they are opened again before they are let go', async () => {
    const { writers, stored } = namedWriters();
    const writer = writers.open('runs/a');
    const first = writer.write([event({ data: 1 })]);
    writers.release('runs/a');
    expect(writers.open('runs/a')).toBe(writer);
    await first;
    await settle();
    expect(writers.open('runs/a')).toBe(writer);
    await writer.write([event({ data: 2 })]);
    expect(stored('runs/a')).toEqual([1, 2]);
  });

  test('that were let go say what they are given nevertheless', async () => {
    const { writers, log } = namedWriters();
    const writer = writers.open('runs/a');
    writers.release('runs/a');
    await settle();
    expect(await writer.write([event()])).toBe('later');
    expect(log.text()).toContain('events came after the end of the writer');
  });

  test('tell the longest blindness of any', async () => {
    const { journal, writers, clock } = namedWriters();
    await writers.open('runs/a').write([event()]);
    const since = clock.now();
    journal.fate = () => 'lost';
    await writers.open('runs/b').write([event()]);
    await clock.advance(5_000);
    await writers.open('runs/a').write([event()]);
    expect(writers.blindSince()?.since).toBe(since);
  });

  test('are all stopped at the end, and none begins after it', async () => {
    const { journal, writers, clock, log } = namedWriters();
    journal.fate = () => 'lost';
    await writers.open('runs/a').write([event()]);
    const stopped = writers.stop();
    await clock.advance(2_000);
    await stopped;
    await writers.open('runs/b').write([event()]);
    await settle();
    expect(clock.sleeping()).toEqual([]);
    const lost = log.lines.filter(({ message }) => message === 'events were not written before the end');
    expect(lost.map(({ fields }) => Object(fields).stream)).toEqual(['runs/a', 'runs/b']);
  });
});
