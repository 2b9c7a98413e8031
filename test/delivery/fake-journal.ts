import type { OutboxJournal } from '../../src/delivery/outbox.ts';
import type { JournalEvent, StoredEvent } from '../../src/journal/journal.ts';

/** A stream in memory that outlives the outbox; `hold()` makes it slow, until released. */
export function createFakeJournal() {
  let stored: StoredEvent[] = [];
  let seq = 0;
  let held: PromiseWithResolvers<void> | null = null;
  let broken = false;
  const store = (events: readonly JournalEvent[]): void => {
    for (const event of events) stored.push({ ...structuredClone(event), seq: (seq += 1) });
  };
  const journal: OutboxJournal = {
    async load() {
      if (broken) throw new Error('unreadable');
      return stored;
    },
    async write(events) {
      if (broken) return 'later';
      await held?.promise;
      store(events);
      return 'durable';
    },
    async compact(summary) {
      stored = [];
      store(summary);
    },
  };
  return {
    journal,
    types: () => stored.map(({ type }) => type),
    events: () => stored,
    add: (event: JournalEvent) => store([event]),
    hold() {
      held = Promise.withResolvers<void>();
      return () => {
        held?.resolve();
        held = null;
      };
    },
    break: () => void (broken = true),
  };
}

export type FakeJournal = ReturnType<typeof createFakeJournal>;
