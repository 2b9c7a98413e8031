import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createStreamWriter } from '../../src/journal/stream-writer.ts';
import { createFakeJournal, type Fate } from '../support/fake-journal.ts';
import { numbered } from '../support/journal-file.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { createRecordedLog } from '../support/recorded-log.ts';

const fate = fc.constantFrom<Fate>('stored', 'lost', 'uncertain', 'late');
const step = fc.oneof(
  fc.record({ write: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ advance: fc.integer({ min: 0, max: 3_000 }) }),
);

test('whatever the journal does, the stream ends as the events that were written, in order, none twice', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 20 }),
      fc.array(fate, { maxLength: 20 }),
      fc.array(fc.boolean(), { maxLength: 20 }),
      fc.boolean(),
      async (steps, fates, unreadable, loads) => {
        const journal = createFakeJournal();
        const clock = createManualClock();
        const log = createRecordedLog();
        const writer = createStreamWriter({ journal, stream: 'alerts', clock, log, onFenced: () => {} });
        if (loads) await writer.load();
        journal.fate = () => fates.shift() ?? 'stored';
        journal.unreadable = () => (unreadable.shift() ? 'the disk fails' : null);

        let written = 0;
        for (const each of steps) {
          if ('advance' in each) await clock.advance(each.advance);
          else {
            const first = written + 1;
            written += each.write;
            // Sometimes awaited by nobody, as by whoever must not be held up.
            const outcome = writer.write(numbered(each.write, first));
            if (each.write > 1 && (await outcome) === 'durable') expectStored(journal, written);
          }
        }
        await clock.advance(600_000);
        await writer.idle();

        expectStored(journal, written);
        expect(journal.stored('alerts').length).toBe(written);
        expect(writer.blindSince()).toBeNull();
        expect(log.lines.filter(({ level }) => level === 'error')).toEqual([]);
      },
    ),
    { numRuns: 300 },
  );
});

function expectStored(journal: ReturnType<typeof createFakeJournal>, count: number): void {
  expect(
    journal
      .stored('alerts')
      .slice(0, count)
      .map(({ data }) => data),
  ).toEqual(numbered(count).map(({ data }) => data));
}
