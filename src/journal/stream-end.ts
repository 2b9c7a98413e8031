import { isDeepStrictEqual } from 'node:util';
import type { Log } from '../model/log.ts';
import type { Journal, JournalEvent, StoredEvent } from './journal.ts';

export type Stored =
  | { readonly kind: 'stored' }
  | { readonly kind: 'fenced'; readonly epoch: number }
  /** Whether it is stored is unknown: store the same events again, and nothing else before them. */
  | { readonly kind: 'failed'; readonly reason: string };

/** Where a stream ends, as far as its one writer knows; appends there, and nothing twice. */
export interface StreamEnd {
  /** The sequence of the last event that is surely stored; null until the stream has been read. */
  head(): number | null;
  /** Takes note of the whole stream, read by somebody else. */
  learn(events: readonly StoredEvent[]): void;
  /** Appends once, after finding out what became of an append before whose outcome is unknown. One at a time. */
  store(events: readonly JournalEvent[]): Promise<Stored>;
}

type Failed = Extract<Stored, { kind: 'failed' }>;

export function createStreamEnd(options: {
  readonly journal: Journal;
  readonly stream: string;
  readonly log: Log;
}): StreamEnd {
  const { journal, stream, log } = options;
  let head: number | null = null;
  /** Whether something may be stored after `head` that we do not know of: our own of uncertain outcome, or another's. */
  let doubtful = false;

  async function tryOnce(events: readonly JournalEvent[]): Promise<Stored | 'conflict'> {
    if (head === null || doubtful) {
      const tail = await readTail(events);
      if (tail !== 'absent') return tail;
    }
    const appended = await journal.append(stream, head ?? 0, journal.epoch, events);
    if (appended.ok) {
      head = appended.seq;
      return { kind: 'stored' };
    }
    doubtful = true;
    switch (appended.kind) {
      case 'conflict':
        return afterConflict(appended.seq);
      case 'fenced':
        return { kind: 'fenced', epoch: appended.epoch };
      case 'unavailable':
        return { kind: 'failed', reason: appended.reason };
    }
  }

  /** Learns what is stored after `head`, and whether that is `events`, which were to be appended there. */
  async function readTail(events: readonly JournalEvent[]): Promise<'absent' | { readonly kind: 'stored' } | Failed> {
    const read = await journal.read(stream, head ?? 0);
    if (!read.ok) return { kind: 'failed', reason: read.reason };
    const known = head !== null;
    const own = known && events.every((event, index) => isSame(event, read.events[index]));
    const others = known ? read.events.length - (own ? events.length : 0) : 0;
    if (others > 0)
      log.error({ stream, others, after: head }, 'another writer of the same epoch wrote into the stream');
    head = read.events.at(-1)?.seq ?? head ?? 0;
    doubtful = false;
    return own ? { kind: 'stored' } : 'absent';
  }

  /** Nothing to read there, and yet the stream ends elsewhere: a compaction left it empty, or it lost its end. */
  async function afterConflict(seq: number): Promise<'conflict' | Failed> {
    const read = await journal.read(stream, head ?? 0);
    if (!read.ok) return { kind: 'failed', reason: read.reason };
    if (read.events.length > 0) return 'conflict';
    if (head !== null && seq < head) log.error({ stream, seq, head }, 'the stream has lost its end');
    head = seq;
    doubtful = false;
    return 'conflict';
  }

  return {
    head: () => head,
    learn(events) {
      head ??= events.at(-1)?.seq ?? 0;
    },
    async store(events) {
      const first = await tryOnce(events);
      if (first !== 'conflict') return first;
      const second = await tryOnce(events);
      return second === 'conflict' ? { kind: 'failed', reason: 'somebody else writes into the same stream' } : second;
    },
  };
}

function isSame(event: JournalEvent, stored: StoredEvent | undefined): boolean {
  if (stored === undefined) return false;
  const { seq: _, ...rest } = stored;
  return isDeepStrictEqual(event, rest);
}
