import type { Clock } from '../model/clock.ts';
import type { Log } from '../model/log.ts';
import type { Redactor } from '../model/redact.ts';
import type { Journal } from './journal.ts';
import { createStreamWriter, type StreamWriter } from './stream-writer.ts';

/** The writers of many streams, one per name: those of finished runs are let go, or a long life would hold thousands. */
export interface NamedWriters {
  /** The one writer of this stream, as long as it is not let go. */
  open(stream: string): StreamWriter;
  /** Lets its writer go once all of it is written, unless it is opened again before: writing by the old one is then a defect. */
  release(stream: string): void;
  /** The longest blindness of any; null while all is well. */
  blindSince(): ReturnType<StreamWriter['blindSince']>;
  /** How many are at hand. */
  readonly size: number;
  stop(): Promise<void>;
}

export function createNamedWriters(options: {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly log: Log;
  readonly onFenced: (epoch: number) => void;
  readonly redactor?: Redactor;
}): NamedWriters {
  const writers = new Map<string, StreamWriter>();
  const released = new Set<string>();
  let stopped = false;

  async function letGo(stream: string, writer: StreamWriter): Promise<void> {
    await writer.idle();
    if (!released.delete(stream)) return;
    writers.delete(stream);
    // So that whoever kept it is not unheard: a writer that is stopped says what it loses.
    await writer.stop();
  }

  return {
    open(stream) {
      released.delete(stream);
      const writer = writers.get(stream) ?? createStreamWriter({ ...options, stream });
      writers.set(stream, writer);
      // Else it would go on trying a journal that is closed.
      if (stopped) void writer.stop();
      return writer;
    },
    release(stream) {
      const writer = writers.get(stream);
      if (writer === undefined || released.has(stream)) return;
      released.add(stream);
      void letGo(stream, writer);
    },
    blindSince() {
      const blind = [...writers.values()].flatMap((writer) => writer.blindSince() ?? []);
      return blind.sort((a, b) => a.since - b.since)[0] ?? null;
    },
    get size() {
      return writers.size;
    },
    async stop() {
      stopped = true;
      await Promise.all([...writers.values()].map((writer) => writer.stop()));
    },
  };
}
