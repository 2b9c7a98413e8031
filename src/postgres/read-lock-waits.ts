import { z } from 'zod';
import type { LockWait } from '../model/server-signals.ts';
import { ageSchema, nameSchema } from './client-backends.ts';
import type { RunQuery } from './held-session.ts';
import { type Parsed, parseRows } from './parse-rows.ts';

const COLUMNS = `
    pid,
    usename::text as "user",
    datname::text as database,
    application_name as "applicationName",
    pg_catalog.host(client_addr) as address`;

/** waitstart is NULL for a moment after the wait began (pg_locks): it waits since just now. */
const LOCK_WAITS = `
  select
    ${COLUMNS},
    coalesce((extract(epoch from clock_timestamp() - waitstart) * 1000)::float8, 0) as "waitedMs"
  from pg_catalog.pg_stat_activity
  join pg_catalog.pg_locks as awaited using (pid)
  where backend_type = 'client backend' and wait_event_type = 'Lock' and not awaited.granted
  order by "waitedMs" desc`;

/** PostgreSQL 13 does not tell since when: at most since the statement began. */
const LOCK_WAITS_BEFORE_14 = `
  select
    ${COLUMNS},
    (extract(epoch from clock_timestamp() - query_start) * 1000)::float8 as "waitedMs"
  from pg_catalog.pg_stat_activity
  where backend_type = 'client backend' and wait_event_type = 'Lock'
  order by "waitedMs" desc`;

const rowsSchema = z.array(
  z.object({
    pid: z.int().positive(),
    user: z.string().nullable(),
    database: z.string().nullable(),
    applicationName: nameSchema,
    address: z.string().nullable(),
    waitedMs: ageSchema.transform((ms) => ms ?? 0),
  }),
);

/**
 * Sessions that wait for a lock, longest first; asks nothing while there are no `waiters`. Reading pg_locks holds up
 * the whole lock manager for a moment, and pg_blocking_pids for longer (facts.md, PostgreSQL 15): never on the calm path.
 * Needs pg_read_all_stats.
 */
export async function readLockWaits(
  query: RunQuery,
  waiters: number,
  versionNumber: number,
): Promise<Parsed<readonly LockWait[]>> {
  if (waiters === 0) return { ok: true, value: [] };
  return parseRows(rowsSchema, await query(versionNumber >= 140_000 ? LOCK_WAITS : LOCK_WAITS_BEFORE_14));
}
