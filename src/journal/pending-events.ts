import type { Log } from '../model/log.ts';
import type { JournalEvent, Json } from './journal.ts';

/** What is appended at once, and stays together until its outcome is known. */
export interface Lot {
  readonly events: readonly JournalEvent[];
}

/** The events of a stream that are not surely stored yet, oldest first. The oldest may be under way, as a lot. */
export interface PendingEvents {
  /** Resolves `durable` when they are confirmed, `later` when that has to wait. */
  add(events: readonly JournalEvent[]): Promise<'durable' | 'later'>;
  /** The lot under way, or the next one: whole writes, up to about 500 events. Null for nothing. */
  take(): Lot | null;
  /** The lot under way is stored; answers it, and gives the next one. */
  confirm(): Lot | null;
  /** Answers `later` to everybody who waits. */
  answerLater(): void;
  /** Forgets everything, answering `later`. */
  abandon(): void;
  count(): number;
  /** How many events were dropped since this was last asked. */
  takeDropped(): number;
}

/** About 10 MB of events of 1 KB: hours of an incident, and nothing beside the bot's own memory. */
export const MOST_PENDING = 10_000;
const LOT_SIZE = 500;

interface Write {
  readonly events: readonly JournalEvent[];
  readonly answer: (outcome: 'durable' | 'later') => void;
}

/** Keeps the newest 10,000 events: the oldest writes go first, but never the lot under way, and the log says so. */
export function createPendingEvents(stream: string, log: Log): PendingEvents {
  let waiting: Write[] = [];
  let underWay: Write[] = [];
  let held = 0;
  let dropped = 0;

  function take(): Lot | null {
    if (underWay.length === 0) {
      let size = 0;
      const end = waiting.findIndex(({ events }) => (size += events.length) >= LOT_SIZE) + 1;
      underWay = waiting.splice(0, end === 0 ? waiting.length : end);
    }
    return underWay.length === 0 ? null : { events: underWay.flatMap(({ events }) => events) };
  }

  function drop(): void {
    const oldest = waiting.shift();
    if (oldest === undefined) return;
    if (dropped === 0) log.error({ stream, kept: MOST_PENDING }, 'too many events wait: the oldest are dropped');
    dropped += oldest.events.length;
    held -= oldest.events.length;
    oldest.answer('later');
  }

  return {
    async add(events) {
      const { promise, resolve } = Promise.withResolvers<'durable' | 'later'>();
      waiting.push({ events, answer: resolve });
      held += events.length;
      while (held > MOST_PENDING && waiting.length > 1) drop();
      return promise;
    },
    take,
    confirm() {
      for (const { events, answer } of underWay) {
        held -= events.length;
        answer('durable');
      }
      underWay = [];
      return take();
    },
    answerLater() {
      for (const { answer } of [...underWay, ...waiting]) answer('later');
    },
    abandon() {
      for (const { answer } of [...underWay, ...waiting]) answer('later');
      underWay = [];
      waiting = [];
      held = 0;
    },
    count: () => held,
    takeDropped() {
      const since = dropped;
      dropped = 0;
      return since;
    },
  };
}

/**
 * The event as it will be read back, detached from the caller's object. Throws a RangeError for numbers that no
 * journal could hold: such an event would otherwise be refused for ever, and all later ones with it.
 */
export function keepable({ type, version, at, data }: JournalEvent): JournalEvent {
  if (!Number.isSafeInteger(version) || !Number.isSafeInteger(at)) {
    throw new RangeError(`the event ${type} has version ${version} and at ${at}: both must be integers`);
  }
  return { type, version, at, data: JSON.parse(JSON.stringify(data)) as Json };
}
