import { z } from 'zod';
import type { Clock } from '../model/clock.ts';
import { formatDuration } from '../model/duration.ts';
import { type Observed, seen, unseen } from '../model/observed.ts';
import { explainConnectError } from './classify-connect-error.ts';
import { type Connection, connect } from './connect.ts';
import type { RunQuery } from './held-session.ts';
import { type Parsed, parseRows } from './parse-rows.ts';
import { prepareSession } from './prepare-session.ts';
import { queryWithin } from './query-within.ts';

/**
 * `local`: flushed on this server, whatever the role's own setting says. Not further, since a commit that waits for a standby
 * knows no statement_timeout, and each probe would leave its backend behind.
 */
const STANDING = `
  select
    pg_catalog.set_config('synchronous_commit', 'local', false),
    pg_catalog.pg_is_in_recovery() as standby,
    coalesce(
      (
        select setting = 'on' and source not in ('user', 'database user')
        from pg_catalog.pg_settings where name = 'default_transaction_read_only'
      ),
      false
    ) as "readOnly"`;
const standingSchema = z.tuple([z.object({ standby: z.boolean(), readOnly: z.boolean() })]);

/** Transactional: it gets a transaction id, and its commit is flushed like any other. */
const WRITE = "select pg_catalog.pg_logical_emit_message(true, 'breakwater', 'write probe')::text as lsn";
const writeSchema = z.tuple([z.object({ lsn: z.string() })]);

const FLUSHED = 'select pg_catalog.pg_current_wal_flush_lsn() >= $1::pg_lsn as flushed';
const flushedSchema = z.tuple([z.object({ flushed: z.boolean() })]);

export interface WriteProbeOptions {
  /** From the first packet to the last answer. */
  readonly deadlineMs: number;
  readonly statementMs: number;
  readonly clock: Clock;
}

/**
 * Logs in afresh, commits a message into the write-ahead log, and sees that it was flushed. The connection is gone afterwards
 * whatever happens. Needs LOGIN, no table and no grant. Never throws.
 */
export async function probeWrite(
  connection: Connection,
  { deadlineMs, statementMs, clock }: WriteProbeOptions,
): Promise<Observed<{ readonly lsn: string; readonly tookMs: number }>> {
  const startedAt = clock.now();
  const leftMs = () => Math.max(0, startedAt + deadlineMs - clock.now());
  const outcome = await connect(connection, { clock, deadlineMs });
  if (!outcome.ok) return unseen(explainConnectError(outcome.fault), clock.now());
  const { session } = outcome;
  const query: RunQuery = (sql, values) => queryWithin(session, leftMs(), clock, sql, values);
  const written = await write(query, statementMs);
  session.end();
  const now = clock.now();
  if (written.ok) return seen({ lsn: written.value, tookMs: Math.max(0, now - startedAt) }, now);
  // It was let in and then left alone: how long the last statement of it waited says nothing to people.
  const silent = leftMs() === 0;
  const words = `let in, but nothing was seen written within ${formatDuration(deadlineMs)}: look at the server's disk and node`;
  return unseen(silent ? words : written.reason, now);
}

/** The position in the write-ahead log up to which it is flushed at least. */
async function write(query: RunQuery, statementMs: number): Promise<Parsed<string>> {
  const failure = await prepareSession(query, statementMs);
  if (failure !== null) return { ok: false, reason: failure };
  const standing = parseRows(standingSchema, await query(STANDING));
  if (!standing.ok) return standing;
  const [{ standby, readOnly }] = standing.value;
  if (standby)
    return { ok: false, reason: 'the server is a read-only standby, or still in recovery: it takes no writes' };
  if (readOnly)
    return { ok: false, reason: 'default_transaction_read_only is on for the whole server: applications cannot write' };
  const written = parseRows(writeSchema, await query(WRITE));
  if (!written.ok) return written;
  const [{ lsn }] = written.value;
  const flushed = parseRows(flushedSchema, await query(FLUSHED, [lsn]));
  if (!flushed.ok) return flushed;
  if (!flushed.value[0].flushed) return { ok: false, reason: `committed at ${lsn}, but not flushed to disk` };
  return { ok: true, value: lsn };
}
