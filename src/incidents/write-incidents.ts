import type { EventLog } from '../alerts/alert-desk.ts';
import type { Log } from '../model/log.ts';
import type { Incident } from './incident.ts';
import { journalEvent, streamOf } from './incident-log.ts';
import type { TimelineEvent } from './timeline.ts';

/** Writes what incidents became and then tells it, in order; what comes while it writes goes together. */
export interface IncidentWriter {
  /** Resolves when the events are durable, or the journal is known to be away, and they were told. Never rejects. */
  put(incident: Incident, events: readonly TimelineEvent[]): Promise<void>;
  settled(): Promise<void>;
}

interface Lot {
  readonly incident: Incident;
  readonly events: readonly TimelineEvent[];
  readonly done: PromiseWithResolvers<void>;
}

export function createIncidentWriter(options: {
  /** The stream `incidents/<id>`; asked for once each. */
  readonly open: (stream: string) => EventLog;
  readonly onChange: (incident: Incident, newEvents: readonly TimelineEvent[]) => Promise<void>;
  readonly log: Log;
}): IncidentWriter {
  const { open, onChange, log } = options;
  const streams = new Map<string, EventLog>();
  let lots = new Map<string, Lot>();
  let writing: Promise<void> | null = null;

  function streamFor(id: string): EventLog {
    const stream = streams.get(id) ?? open(streamOf(id));
    streams.set(id, stream);
    return stream;
  }

  async function writeAll(): Promise<void> {
    // What else happens in this turn goes into the same transaction.
    await Promise.resolve();
    while (lots.size > 0) {
      const batch = [...lots.values()];
      lots = new Map();
      await Promise.all(batch.map(writeOne));
    }
    writing = null;
  }

  async function writeOne({ incident, events, done }: Lot): Promise<void> {
    try {
      if (events.length > 0) await streamFor(incident.id).write(events.map(journalEvent));
    } catch (err) {
      log.error({ err, incident: incident.id, lost: events.length }, 'an incident could not be written down');
    }
    try {
      await onChange(incident, events);
    } catch (err) {
      log.error({ err, incident: incident.id }, 'an incident could not be told');
    }
    done.resolve();
  }

  return {
    put(incident, events) {
      const lot = lots.get(incident.id);
      const done = lot?.done ?? Promise.withResolvers<void>();
      lots.set(incident.id, { incident, events: [...(lot?.events ?? []), ...events], done });
      writing ??= writeAll();
      return done.promise;
    },
    async settled() {
      while (writing !== null) await writing;
    },
  };
}
