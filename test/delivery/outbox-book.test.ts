import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createOutboxBook } from '../../src/delivery/outbox-book.ts';
import { fromJournal, type OutboxEvent, toJournal } from '../../src/delivery/outbox-events.ts';
import type { JournalEvent } from '../../src/journal/journal.ts';

const id = fc.constantFrom('a.1', 'b.1', 'c.1', 'd.1');
const content = fc.record({ text: fc.string() });
const events: fc.Arbitrary<OutboxEvent> = fc.oneof(
  fc
    .record({
      id,
      nonce: fc.string(),
      lane: fc.constant('normal' as const),
      at: fc.nat(),
      content,
      final: fc.boolean(),
      place: fc.constantFrom({}, { single: true as const }, { channel: 'thread' }),
    })
    .map(({ place, ...data }) => ({ type: 'queued' as const, data: { ...data, ...place } })),
  fc.record({ id, content, final: fc.boolean() }).map((data) => ({ type: 'wanted' as const, data })),
  fc.record({ id, messageId: fc.string() }).map((data) => ({ type: 'posted' as const, data })),
  id.map((one) => ({ type: 'told' as const, data: { id: one } })),
  id.map((one) => ({ type: 'closed' as const, data: { id: one } })),
  fc.array(id).map((members) => ({ type: 'digested' as const, data: { id: 'digest.1', nonce: 'd', members } })),
  fc
    .array(id)
    .map((members) => ({ type: 'noted' as const, data: { id: 'note.1', nonce: 'n', from: 1, to: null, members } })),
);

const store = (list: readonly JournalEvent[]) => list.map((event, index) => ({ ...event, seq: index + 1 }));

function stateOf(book: ReturnType<typeof createOutboxBook>) {
  return {
    parcels: [...book.parcels.values()].map((parcel) => Object.assign(parcel, { version: 0 })),
    finished: [...book.finished],
    unknown: book.unknown,
  };
}

it('a compaction changes nothing of what is known, and is no longer than what it replaces', () => {
  fc.assert(
    fc.property(fc.array(events, { maxLength: 30 }), (list) => {
      const stored = store(list.map((event, index) => toJournal(event, index + 1)));
      const book = createOutboxBook(stored);
      const summary = book.summarise(100, 1_000_000);
      expect(stateOf(createOutboxBook(store(summary)))).toEqual(stateOf(book));
      expect(summary.length).toBeLessThanOrEqual(stored.length);
    }),
  );
});

it('what former versions wrote is of the alert channel', () => {
  const queued = { id: 'a.1', nonce: 'n', lane: 'normal', at: 1, content: {}, final: false };
  const kept = { ...queued, id: 'b.1', kind: 'letter', queuedAt: 1, messageId: null, told: false, within: null };
  const book = createOutboxBook(
    store([
      { type: 'queued', version: 1, at: 1, data: queued },
      { type: 'kept', version: 1, at: 1, data: kept },
    ]),
  );
  expect([...book.parcels.values()]).toMatchObject([
    { id: 'a.1', channel: null, single: false },
    { id: 'b.1', channel: null, single: false },
  ]);
});

it('what is written is read back as it was', () => {
  fc.assert(
    fc.property(events, (event) => {
      expect(fromJournal(JSON.parse(JSON.stringify(toJournal(event, 7))) as JournalEvent)).toEqual(event);
    }),
  );
});
