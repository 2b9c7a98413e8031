import { statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { Clock } from '../model/clock.ts';
import type { Log } from '../model/log.ts';
import { explainFault, explainGone } from './explain-fault.ts';
import type { Appended, Journal, JournalEvent, Json } from './journal.ts';

const SELECT_EPOCH = 'SELECT epoch FROM writer';
const SELECT_LAST_SEQ = 'SELECT last_seq FROM stream WHERE name = ?';
const PUT_LAST_SEQ = `
  INSERT INTO stream (name, last_seq) VALUES (?, ?)
  ON CONFLICT (name) DO UPDATE SET last_seq = excluded.last_seq
`;
const INSERT_EVENT = `
  INSERT INTO event (stream, seq, type, version, at, epoch, data)
  VALUES (?, ?, ?, ?, ?, ?, ?)
`;
const SELECT_EVENTS = `
  SELECT seq, type, version, at, data
  FROM event
  WHERE stream = ? AND seq > ?
  ORDER BY seq
`;
// Not LIKE: a name may hold its wildcards.
const SELECT_STREAMS = 'SELECT name FROM stream WHERE substr(name, 1, length(?1)) = ?1 ORDER BY name';
const SELECT_NEWEST_STREAMS = `
  SELECT stream.name
  FROM stream
  LEFT JOIN event ON event.stream = stream.name AND event.seq = stream.last_seq
  WHERE substr(stream.name, 1, length(?1)) = ?1
  ORDER BY event.at DESC, stream.name
  LIMIT ?2
`;
const DELETE_THROUGH = 'DELETE FROM event WHERE stream = ? AND seq <= ?';

const rowSchema = z.object({
  seq: z.number(),
  type: z.string(),
  version: z.number(),
  at: z.number(),
  // Not checked by z.json(): what JSON.parse gives is JSON, and the check made reading several times slower.
  data: z.string().transform((text): Json => JSON.parse(text) as Json),
});

/** A commit waits for the disk, and the whole bot with it: from here on the log says so. */
const SLOW_MS = 1_000;

/** The journal in an open, migrated database. Every write checks the epoch that is stored in the same transaction. */
export function createSqliteJournal(options: {
  readonly database: DatabaseSync;
  readonly path: string;
  readonly epoch: number;
  readonly clock: Clock;
  readonly log: Log;
}): Journal {
  const { database, path, epoch: ownEpoch, clock, log } = options;
  const opened = identify(path);
  const selectEpoch = database.prepare(SELECT_EPOCH);
  const selectLastSeq = database.prepare(SELECT_LAST_SEQ);
  const putLastSeq = database.prepare(PUT_LAST_SEQ);
  const insertEvent = database.prepare(INSERT_EVENT);
  const selectEvents = database.prepare(SELECT_EVENTS);
  const selectStreams = database.prepare(SELECT_STREAMS);
  const selectNewestStreams = database.prepare(SELECT_NEWEST_STREAMS);
  const deleteThrough = database.prepare(DELETE_THROUGH);

  const lastSeq = (stream: string): number => Number(selectLastSeq.get(stream)?.['last_seq'] ?? 0);

  function insert(stream: string, after: number, epoch: number, events: readonly JournalEvent[]): void {
    for (const [index, { type, version, at, data }] of events.entries()) {
      insertEvent.run(stream, after + 1 + index, type, version, at, epoch, JSON.stringify(data));
    }
  }

  function write(epoch: number, change: () => Appended): Appended {
    const begun = clock.now();
    try {
      if (identify(path) !== opened) return { ok: false, kind: 'unavailable', reason: explainGone(path) };
      const outcome = inTransaction(database, (): Appended => {
        const stored = Number(selectEpoch.get()?.['epoch']);
        return stored === epoch ? change() : { ok: false, kind: 'fenced', epoch: stored };
      });
      // Asked again: what was committed into a file that has lost its name is not kept.
      if (identify(path) !== opened) return { ok: false, kind: 'unavailable', reason: explainGone(path) };
      return outcome;
    } catch (error) {
      return { ok: false, kind: 'unavailable', reason: explainFault(error, path) };
    } finally {
      const took = clock.now() - begun;
      if (took >= SLOW_MS) log.warn({ path, took }, 'the journal waited long for its disk, and the bot with it');
    }
  }

  return {
    epoch: ownEpoch,
    async append(stream, expectedSeq, epoch, events) {
      return write(epoch, () => {
        const last = lastSeq(stream);
        if (last !== expectedSeq) return { ok: false, kind: 'conflict', seq: last };
        insert(stream, last, epoch, events);
        if (events.length > 0) putLastSeq.run(stream, last + events.length);
        return { ok: true, seq: last + events.length };
      });
    },
    async read(stream, after = 0) {
      try {
        if (identify(path) !== opened) return { ok: false, reason: explainGone(path) };
        return { ok: true, events: selectEvents.all(stream, after).map((row) => rowSchema.parse(row)) };
      } catch (error) {
        return { ok: false, reason: explainFault(error, path) };
      }
    },
    async list(prefix, newest) {
      try {
        if (identify(path) !== opened) return { ok: false, reason: explainGone(path) };
        const rows = newest === undefined ? selectStreams.all(prefix) : selectNewestStreams.all(prefix, newest);
        return { ok: true, streams: rows.map(({ name }) => String(name)) };
      } catch (error) {
        return { ok: false, reason: explainFault(error, path) };
      }
    },
    async compact(stream, throughSeq, epoch, summary) {
      return write(epoch, () => {
        const last = lastSeq(stream);
        if (throughSeq > last) return { ok: false, kind: 'conflict', seq: last };
        if (summary.length > throughSeq) {
          const reason = `a summary of ${summary.length} events does not fit in the place of ${throughSeq}`;
          return { ok: false, kind: 'unavailable', reason };
        }
        deleteThrough.run(stream, throughSeq);
        insert(stream, throughSeq - summary.length, epoch, summary);
        return { ok: true, seq: last };
      });
    },
    async close() {
      if (!database.isOpen) return;
      try {
        // Takes over what the -wal file holds, and deletes it.
        database.close();
      } catch (error) {
        // What was acknowledged is in the -wal file, and read back from there.
        log.warn({ path, reason: explainFault(error, path) }, 'the journal did not close cleanly');
      }
    },
  };
}

/** Runs `body` between BEGIN IMMEDIATE and COMMIT; throws what SQLite throws, with nothing left open. */
export function inTransaction<T>(database: DatabaseSync, body: () => T): T {
  // Immediate: the lock is taken before the first read, so that what was read still holds at the commit.
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = body();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // SQLite has rolled back by itself after some errors: https://www.sqlite.org/lang_transaction.html
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/** Tells a file from another one under the same name; null when there is none. */
function identify(path: string): string | null {
  const found = statSync(path, { throwIfNoEntry: false });
  return found ? `${found.dev}:${found.ino}` : null;
}
