import { createStreamWriter } from '../../src/journal/stream-writer.ts';
import { NOW } from './builders.ts';
import { createFakeJournal, type Fate } from './fake-journal.ts';
import { createManualClock } from './manual-clock.ts';
import { createRecordedLog } from './recorded-log.ts';

/** A writer of the stream `alerts` of a fake journal, and all that a test asks it by. */
export function streamWriter() {
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
export function inTurn(...fates: Fate[]): () => Fate {
  return () => fates.shift() ?? 'stored';
}
