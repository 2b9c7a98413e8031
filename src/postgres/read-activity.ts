import { z } from 'zod';
import type { ActiveSession } from '../model/activity.ts';
import { ageSchema, CLIENT_BACKEND_COLUMNS, clientBackendParameters, clientBackendShape } from './client-backends.ts';
import type { RunQuery } from './held-session.ts';
import { HIDDEN_STATISTICS, READS_ALL_STATS } from './hidden-statistics.ts';
import { type Parsed, parseRows } from './parse-rows.ts';

/**
 * No query text: it may hold secrets. backend_start is written in UTC whatever the role's DateStyle and TimeZone, so that
 * one session is one text for as long as it lives, and `::timestamptz` gives it back to the microsecond.
 */
const ACTIVITY = `
  select
    ${CLIENT_BACKEND_COLUMNS},
    pid,
    pg_catalog.to_char(backend_start at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US"+00"') as "backendStart",
    (extract(epoch from clock_timestamp() - state_change) * 1000)::float8 as "stateMs",
    (extract(epoch from clock_timestamp() - xact_start) * 1000)::float8 as "transactionMs",
    wait_event_type as "waitEventType"
  from pg_catalog.pg_stat_activity
  where backend_type = 'client backend' and ${READS_ALL_STATS}
  order by backend_start, pid`;

const rowsSchema = z.array(
  z.object({
    ...clientBackendShape,
    pid: z.int().positive(),
    backendStart: z.string(),
    stateMs: ageSchema,
    transactionMs: ageSchema,
    waitEventType: z.string().nullable(),
  }),
);

/** Every client backend by itself, oldest first. Needs pg_read_all_stats, and fails with the reason without it. */
export async function readActivity(
  query: RunQuery,
  canaryUser: string | null,
): Promise<Parsed<readonly ActiveSession[]>> {
  const parsed = parseRows(rowsSchema, await query(ACTIVITY, clientBackendParameters(canaryUser)));
  // The session that asks is always among them, so no row at all means that it may not see the others.
  return parsed.ok && parsed.value.length === 0 ? { ok: false, reason: HIDDEN_STATISTICS } : parsed;
}
