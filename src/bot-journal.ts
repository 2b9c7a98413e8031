import { foldAlerts, foldSilences, silencedEvent, summariseAlerts } from './alerts/alert-log.ts';
import type { Config } from './config/config.ts';
import { loadIncidents, type PastIncidents } from './incidents/load-incidents.ts';
import type { Journal, JournalEvent, StoredEvent } from './journal/journal.ts';
import { createNamedWriters } from './journal/named-writers.ts';
import { openJournal } from './journal/open-journal.ts';
import { type Opened, openSqliteJournal } from './journal/open-sqlite-journal.ts';
import type { StreamWriter } from './journal/stream-writer.ts';
import type { Clock } from './model/clock.ts';
import type { Evidence } from './model/evidence.ts';
import type { Log } from './model/log.ts';
import type { Redactor } from './model/redact.ts';
import { EVIDENCE_STREAMS, readEvidence } from './recovery/keep-evidence.ts';

/**
 * Read at each start, so it must not grow without end: years of a quiet server, some weeks of one whose alert never ends.
 * Beyond it the past is folded to what still matters; what an incident must keep for ever has a stream of its own.
 */
const MOST_EVENTS = 20_000;

export interface BotStreams extends Readonly<Record<'alerts' | 'silences' | 'outbox', StreamWriter>> {
  /** What the streams `incidents/…` remember. */
  readonly incidents: PastIncidents;
  /** What a former life wrote; the outbox reads its own. */
  readonly past: Readonly<Record<'alerts' | 'silences', readonly StoredEvent[]>>;
  /** The one writer of `runs/<id>` or `incidents/<id>`; stopped with the others. */
  open(stream: string): StreamWriter;
  /** Its writer is let go once all is written: nothing more comes, or not for long. */
  release(stream: string): void;
  /** The streams that begin with `prefix`, the `most` that were written to last, by the rest of their names; those that can be read. */
  readNewest(prefix: string, most: number): Promise<ReadonlyMap<string, readonly StoredEvent[]>>;
  /** What is kept of a recovery; null: nothing. Rejects where the journal cannot be read. */
  readEvidence(runId: string): Promise<Evidence | null>;
  /** A newer bot has the journal: nothing more may be done, only told. */
  fenced(): boolean;
  /** Since when the journal does not answer, and why; null while it does. */
  blindSince(): { readonly since: number; readonly reason: string } | null;
  close(): Promise<void>;
}

/**
 * Opens the journal and reads its streams. One that cannot be opened or read is said loudly and not waited for: alerts go
 * on in memory (product.md §7, last bullet), and `source-blind` tells.
 */
export async function openStreams(options: {
  readonly journal: Config['journal'];
  readonly clock: Clock;
  readonly log: Log;
  readonly redactor: Redactor;
  readonly onFatal: (reason: string) => void;
}): Promise<BotStreams> {
  const { clock, log, redactor, onFatal } = options;
  const journal = await openConfigured(options);
  let fenced = false;
  const onFenced = (): void => {
    if (fenced) return;
    fenced = true;
    onFatal('another Breakwater has taken over this journal: this one stops, as two would tell everything twice');
  };
  const writers = createNamedWriters({ journal, clock, log, redactor, onFenced });
  const [alerts, silences, outbox] = [writers.open('alerts'), writers.open('silences'), writers.open('outbox')];
  const load = async (stream: StreamWriter): Promise<readonly StoredEvent[]> => {
    try {
      return await stream.load();
    } catch (err) {
      log.error({ err }, 'the journal cannot be read: what was acknowledged or silenced is forgotten for now');
      return [];
    }
  };
  const past = { alerts: await load(alerts), silences: await load(silences) };
  if (past.alerts.length > MOST_EVENTS) {
    await compact(alerts, summariseAlerts(foldAlerts(past.alerts), clock.now()));
  }
  if (past.silences.length > MOST_EVENTS) {
    await compact(silences, foldSilences(past.silences, clock.now()).map(silencedEvent));
  }
  async function compact(stream: StreamWriter, summary: readonly JournalEvent[]): Promise<void> {
    const compacted = await stream.compact(summary);
    if (compacted.ok) log.info({ events: summary.length }, 'a stream of the journal was compacted');
    else log.warn({ reason: compacted.reason }, 'a stream of the journal could not be compacted');
  }

  return {
    alerts,
    silences,
    outbox,
    past,
    open: (stream) => writers.open(stream),
    release: (stream) => writers.release(stream),
    readNewest: (prefix, most) => readNewest(journal, log, prefix, most),
    async readEvidence(runId) {
      const read = await journal.read(`${EVIDENCE_STREAMS}${runId}`);
      if (!read.ok) throw new Error(`what is kept of the run ${runId} cannot be read: ${read.reason}`);
      return readEvidence(read.events);
    },
    fenced: () => fenced,
    blindSince: () => writers.blindSince(),
    incidents: await loadIncidents(journal, log),
    async close() {
      await writers.stop();
      await journal.close();
    },
  };
}

async function readNewest(
  journal: Journal,
  log: Log,
  prefix: string,
  most: number,
): Promise<ReadonlyMap<string, readonly StoredEvent[]>> {
  const found = new Map<string, readonly StoredEvent[]>();
  const listed = await journal.list(prefix, most);
  if (!listed.ok)
    log.error({ prefix, reason: listed.reason }, 'the journal cannot be read: what ran before is unknown');
  for (const stream of listed.ok ? listed.streams : []) {
    const read = await journal.read(stream);
    if (read.ok) found.set(stream.slice(prefix.length), read.events);
    else log.error({ stream, reason: read.reason }, 'a stream of the journal cannot be read: it is left out');
  }
  return found;
}

function openConfigured({ journal, clock, log }: Parameters<typeof openStreams>[0]): Promise<Journal> {
  const open = async (): Promise<Opened> =>
    journal.kind === 'sqlite'
      ? openSqliteJournal({ path: journal.path, clock, log })
      : { ok: false, reason: 'the journal in the cluster comes in a later version: write journal: { sqlite: … }' };
  return openJournal({ open, clock, log });
}
