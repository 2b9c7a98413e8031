import { z } from 'zod';
import type { SessionGroup } from '../model/session-group.ts';
import { ageSchema, CLIENT_BACKEND_COLUMNS, clientBackendParameters, clientBackendShape } from './client-backends.ts';
import type { RunQuery } from './held-session.ts';
import { type Parsed, parseRows } from './parse-rows.ts';

/**
 * All client backends in one grouped query: 1 ms at 100 sessions, 12 ms at 3000 (facts.md, PostgreSQL 13).
 * Autocommit, since pg_stat_activity stands still within a transaction; ages are as of clock_timestamp().
 */
const SESSIONS = `
  select
    ${CLIENT_BACKEND_COLUMNS},
    count(*)::int as count,
    (count(*) filter (where wait_event_type = 'Lock'))::int as "lockWaits",
    (extract(epoch from max(clock_timestamp() - xact_start)) * 1000)::float8 as "oldestTransactionMs",
    (extract(epoch from max(clock_timestamp() - state_change)) * 1000)::float8 as "longestInStateMs"
  from pg_catalog.pg_stat_activity
  where backend_type = 'client backend'
  group by 1, 2, 3, 4, 5, 6`;

const rowsSchema = z.array(
  z.object({
    ...clientBackendShape,
    count: z.int().positive(),
    lockWaits: z.int().nonnegative(),
    oldestTransactionMs: ageSchema,
    longestInStateMs: ageSchema,
  }),
);

/** Who is connected. Needs pg_read_all_stats, without which other roles' sessions are silently left out. */
export async function readSessions(
  query: RunQuery,
  canaryUser: string | null,
): Promise<Parsed<readonly SessionGroup[]>> {
  return parseRows(rowsSchema, await query(SESSIONS, clientBackendParameters(canaryUser)));
}
