import { describe, expect, test } from 'vitest';
import type { Appended } from '../../src/journal/journal.ts';
import { createStreamWriter } from '../../src/journal/stream-writer.ts';
import { numbered } from '../support/journal-file.ts';
import { inTurn, streamWriter } from '../support/stream-writer.ts';

describe('compacting', () => {
  test('puts the summary in the place of all that was written', async () => {
    const { writer, stored } = streamWriter();
    await writer.load();
    await writer.write(numbered(3));
    expect(await writer.compact(numbered(1, 100))).toEqual({ ok: true });
    await writer.write(numbered(1, 4));
    expect(stored()).toEqual([100, 4]);
  });

  test('a stream that was compacted to nothing is written on by the next writer, without alarm', async () => {
    const { journal, clock, writer, log, stored } = streamWriter();
    await writer.load();
    await writer.write(numbered(3));
    await writer.compact([]);
    const next = createStreamWriter({ journal, stream: 'alerts', clock, log, onFenced: () => {} });
    await next.load();
    expect(await next.write(numbered(1, 4))).toBe('durable');
    expect([stored(), log.lines]).toEqual([[4], []]);
  });

  test('is refused while events wait, since the summary would count them twice', async () => {
    const { journal, clock, writer, stored } = streamWriter();
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
    const { journal, writer, stored } = streamWriter();
    journal.fate = inTurn('lost');
    await writer.write(numbered(2));
    await writer.stop();
    expect(stored()).toEqual([1, 2]);
  });

  test('gives up when that fails, and counts what is lost', async () => {
    const { journal, clock, writer, log } = streamWriter();
    journal.fate = () => 'lost';
    await writer.write(numbered(2));
    await writer.stop();
    expect(log.lines.at(-1)).toMatchObject({ level: 'error', fields: { lost: 2, reason: 'the disk is full' } });
    expect(await writer.write(numbered(1))).toBe('later');
    expect([journal.appends, clock.sleeping()]).toEqual([2, []]);
  });

  test('does not wait for a journal that never answers', async () => {
    const { journal, clock, writer, log } = streamWriter();
    journal.append = () => new Promise(() => {});
    const written = writer.write(numbered(2));
    const stopped = writer.stop();
    await clock.advance(2_000);
    await stopped;
    expect(await written).toBe('later');
    expect(log.lines.at(-1)).toMatchObject({ level: 'error', fields: { lost: 2 } });
  });

  test('writes nothing more when that journal fails after all', async () => {
    const { journal, clock, writer } = streamWriter();
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
