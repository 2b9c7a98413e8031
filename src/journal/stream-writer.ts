import type { Clock } from '../model/clock.ts';
import type { Log } from '../model/log.ts';
import type { Redactor } from '../model/redact.ts';
import type { Appended, Journal, JournalEvent, StoredEvent } from './journal.ts';
import { createPendingEvents, keepable } from './pending-events.ts';
import { createStreamEnd } from './stream-end.ts';

export type Compacted = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** Why a stream could not be read, for people. */
export class JournalUnreadableError extends Error {
  readonly stream: string;
  readonly reason: string;

  constructor(stream: string, reason: string) {
    super(`the journal's stream ${stream} cannot be read: ${reason}`);
    this.name = 'JournalUnreadableError';
    this.stream = stream;
    this.reason = reason;
  }
}

/**
 * The one writer of one stream. What cannot be written now waits in memory (10,000 events at most) and is tried again
 * until it is durable, in order and none twice, while whoever wrote it goes on (product.md §7: a duplicate beats silence).
 */
export interface StreamWriter {
  /** All that is stored, oldest first. Throws JournalUnreadableError; writing may go on even then. */
  load(): Promise<readonly StoredEvent[]>;
  /**
   * `durable`: these and all before are on the disk. `later`: they wait in memory; answered at once while the journal
   * is unavailable. After stop() or when fenced they are dropped, and the log says so. Throws a RangeError for what no
   * journal could hold.
   */
  write(events: readonly JournalEvent[]): Promise<'durable' | 'later'>;
  /** Puts `summary` in the place of all events written so far; refused while any of them waits. Never tried again. */
  compact(summary: readonly JournalEvent[]): Promise<Compacted>;
  /** Since when the journal has not been answering, epoch milliseconds, and why; null while it does. */
  blindSince(): { readonly since: number; readonly reason: string } | null;
  /** Resolves when nothing waits to be written. */
  idle(): Promise<void>;
  /** Tries once more to write what waits, for 2 s at most; what is left then is lost, and counted in the log. */
  stop(): Promise<void>;
}

const RETRY_MS = { first: 250, most: 10_000 } as const;
const STOP_WITHIN_MS = 2_000;

export function createStreamWriter(options: {
  readonly journal: Journal;
  readonly stream: string;
  readonly clock: Clock;
  readonly log: Log;
  /** A newer writer has taken over: this process must stop acting. Called once. */
  readonly onFenced: (epoch: number) => void;
  /** Before anything else: what is kept for ever is copied and read by many, and what is read back must be the same. */
  readonly redactor?: Redactor;
}): StreamWriter {
  const { journal, stream, clock, log, onFenced, redactor } = options;
  const pending = createPendingEvents(stream, log);
  const end = createStreamEnd({ journal, stream, log });
  const ending = new AbortController();
  let blind: { readonly since: number; readonly reason: string } | null = null;
  let closed: 'stopped' | 'fenced' | null = null;
  let draining: Promise<void> | null = null;

  async function drain(): Promise<void> {
    try {
      let failures = 0;
      for (let lot = pending.take(); lot !== null; ) {
        const lastTry = ending.signal.aborted;
        const outcome = await end.store(lot.events);
        if (closed !== null) return;
        if (outcome.kind === 'fenced') return fence(outcome.epoch);
        if (outcome.kind === 'stored') {
          failures = 0;
          see();
          lot = pending.confirm();
        } else {
          miss(outcome.reason);
          if (lastTry) return;
          await clock.sleep(Math.min(RETRY_MS.most, RETRY_MS.first * 2 ** failures), ending.signal);
          failures = Math.min(failures + 1, 30);
        }
      }
    } finally {
      // In the same turn as the loop's end: a write in between would wake nobody.
      draining = null;
    }
  }

  function fence(epoch: number): void {
    if (closed !== null) return;
    closed = 'fenced';
    log.error({ stream, epoch, lost: pending.count() }, 'a newer writer has taken the journal over');
    pending.abandon();
    onFenced(epoch);
  }

  function miss(reason: string): void {
    if (blind === null) log.warn({ stream, reason }, 'the journal is unavailable: events wait in memory');
    blind = { since: blind?.since ?? clock.now(), reason };
    pending.answerLater();
  }

  function see(): void {
    if (blind === null) return;
    log.info({ stream, forMs: clock.now() - blind.since, dropped: pending.takeDropped() }, 'the journal answers again');
    blind = null;
  }

  function clean(event: JournalEvent): JournalEvent {
    const kept = keepable(event);
    return redactor ? { ...kept, data: redactor.value(kept.data) } : kept;
  }

  return {
    async load() {
      const read = await journal.read(stream);
      if (!read.ok) {
        miss(read.reason);
        throw new JournalUnreadableError(stream, read.reason);
      }
      end.learn(read.events);
      if (draining === null) see();
      return read.events;
    },
    async write(events) {
      const kept = events.map(clean);
      if (closed !== null) {
        log.warn({ stream, lost: kept.length, because: closed }, 'events came after the end of the writer');
        return 'later';
      }
      if (kept.length === 0) return draining === null ? 'durable' : 'later';
      const written = pending.add(kept);
      if (blind !== null) pending.answerLater();
      draining ??= drain();
      return written;
    },
    async compact(summary) {
      const through = end.head();
      if (through === null) return { ok: false, reason: 'the stream has not been read yet' };
      if (pending.count() > 0 || closed !== null) return { ok: false, reason: 'events wait to be written' };
      const compacted = await journal.compact(stream, through, journal.epoch, summary.map(clean));
      if (compacted.ok) return { ok: true };
      if (compacted.kind === 'fenced') fence(compacted.epoch);
      return { ok: false, reason: explain(compacted) };
    },
    blindSince: () => blind,
    async idle() {
      while (draining !== null) await draining;
    },
    async stop() {
      const bound = new AbortController();
      ending.abort();
      await Promise.race([draining, clock.sleep(STOP_WITHIN_MS, bound.signal)]);
      bound.abort();
      if (closed === null && pending.count() > 0) {
        log.error({ stream, lost: pending.count(), reason: blind?.reason }, 'events were not written before the end');
      }
      closed ??= 'stopped';
      pending.abandon();
    },
  };
}

function explain(refused: Exclude<Appended, { ok: true }>): string {
  switch (refused.kind) {
    case 'conflict':
      return `the stream ends at ${refused.seq}`;
    case 'fenced':
      return 'a newer writer has taken over';
    case 'unavailable':
      return refused.reason;
  }
}
