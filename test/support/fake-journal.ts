import type { Appended, Journal, JournalEvent, StoredEvent } from '../../src/journal/journal.ts';

/** What becomes of an append: `lost` and `uncertain` are answered alike, `late` is stored after the next read. */
export type Fate = 'stored' | 'lost' | 'uncertain' | 'late';

export interface FakeJournal extends Journal {
  /** Decides each append; `stored` unless set. */
  fate: () => Fate;
  /** Why reading fails; null while it works. */
  unreadable: () => string | null;
  /** What the next writer has taken, if there is one. */
  newerEpoch: number | null;
  stored(stream: string): readonly StoredEvent[];
  /** Writes past the epoch and the sequence, as another program would. */
  intrude(stream: string, events: readonly JournalEvent[]): void;
  /** Takes the end of the stream away, as a backup put back would. */
  truncate(stream: string, last: number): void;
  readonly appends: number;
}

/** A journal in memory that fails as it is told to. */
export function createFakeJournal(): FakeJournal {
  const streams = new Map<string, { events: readonly StoredEvent[]; last: number }>();
  function streamOf(name: string): { events: readonly StoredEvent[]; last: number } {
    const stream = streams.get(name) ?? { events: [], last: 0 };
    streams.set(name, stream);
    return stream;
  }
  let late: (() => void)[] = [];
  let appends = 0;

  function put(name: string, events: readonly JournalEvent[]): number {
    const stream = streamOf(name);
    const added = structuredClone(events).map((event, index) => Object.assign(event, { seq: stream.last + 1 + index }));
    stream.events = [...stream.events, ...added];
    stream.last += events.length;
    return stream.last;
  }

  const journal: FakeJournal = {
    epoch: 1,
    fate: () => 'stored',
    unreadable: () => null,
    newerEpoch: null,
    async append(name, expectedSeq, epoch, events): Promise<Appended> {
      appends += 1;
      const fate = journal.fate();
      const store = (): Appended => {
        if ((journal.newerEpoch ?? 1) !== epoch) return { ok: false, kind: 'fenced', epoch: journal.newerEpoch ?? 1 };
        const { last } = streamOf(name);
        if (last !== expectedSeq) return { ok: false, kind: 'conflict', seq: last };
        return { ok: true, seq: put(name, events) };
      };
      if (fate === 'stored') return store();
      if (fate === 'uncertain') store();
      if (fate === 'late') late.push(store);
      return { ok: false, kind: 'unavailable', reason: 'the disk is full' };
    },
    async read(name, after = 0) {
      const reason = journal.unreadable();
      if (reason !== null) return { ok: false, reason };
      const events = streamOf(name).events.filter(({ seq }) => seq > after);
      for (const store of late.splice(0)) store();
      return { ok: true, events };
    },
    async list(prefix, newest) {
      const reason = journal.unreadable();
      if (reason !== null) return { ok: false, reason };
      const named = [...streams.keys()].filter((name) => name.startsWith(prefix)).sort();
      const lastAt = (name: string): number => streamOf(name).events.at(-1)?.at ?? Number.NEGATIVE_INFINITY;
      if (newest === undefined) return { ok: true, streams: named };
      return { ok: true, streams: named.sort((a, b) => lastAt(b) - lastAt(a)).slice(0, newest) };
    },
    async compact(name, throughSeq, epoch, summary): Promise<Appended> {
      if ((journal.newerEpoch ?? 1) !== epoch) return { ok: false, kind: 'fenced', epoch: journal.newerEpoch ?? 1 };
      const stream = streamOf(name);
      const first = throughSeq - summary.length + 1;
      const kept = stream.events.filter(({ seq }) => seq > throughSeq);
      stream.events = [...summary.map((event, index) => ({ ...event, seq: first + index })), ...kept];
      return { ok: true, seq: stream.last };
    },
    async close() {
      late = [];
    },
    stored: (name) => streamOf(name).events,
    intrude(name, events) {
      put(name, events);
    },
    truncate(name, last) {
      streams.set(name, { events: streamOf(name).events.filter(({ seq }) => seq <= last), last });
    },
    get appends() {
      return appends;
    },
  };
  return journal;
}
