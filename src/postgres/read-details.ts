import { z } from 'zod';
import type { DetailedSession } from '../model/activity.ts';
import {
  ACTIVE_SESSION_COLUMNS,
  activeSessionShape,
  ageSchema,
  BACKENDS_WITH_ROLES,
  clientBackendParameters,
  STANDING_COLUMNS,
  standingShape,
} from './client-backends.ts';
import type { RunQuery } from './held-session.ts';
import { HIDDEN_STATISTICS, READS_ALL_STATS } from './hidden-statistics.ts';
import { type Parsed, parseRows } from './parse-rows.ts';
import { statementSchema } from './statement-schema.ts';

const DETAILS = `
  select
    ${ACTIVE_SESSION_COLUMNS},
    ${STANDING_COLUMNS},
    (extract(epoch from clock_timestamp() - backend_start) * 1000)::float8 as "ageMs",
    wait_event as "waitEvent",
    pg_catalog.left(query, 4000) as statement
  from ${BACKENDS_WITH_ROLES}
  where ${READS_ALL_STATS}
  order by backend_start, pid`;

const rowsSchema = z.array(
  z.object({
    ...activeSessionShape,
    ...standingShape,
    ageMs: ageSchema,
    waitEvent: z.string().nullable(),
    statement: statementSchema,
  }),
);

/** Every backend in full, the server's own included, oldest first. Needs pg_read_all_stats, and fails with the reason without it. */
export async function readDetails(
  query: RunQuery,
  canaryUser: string | null,
): Promise<Parsed<readonly DetailedSession[]>> {
  const parsed = parseRows(rowsSchema, await query(DETAILS, clientBackendParameters(canaryUser)));
  return parsed.ok && parsed.value.length === 0 ? { ok: false, reason: HIDDEN_STATISTICS } : parsed;
}
