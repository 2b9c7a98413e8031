import { z } from 'zod';
import type { ActiveSession } from '../model/activity.ts';
import { ACTIVE_SESSION_COLUMNS, activeSessionShape, clientBackendParameters } from './client-backends.ts';
import type { RunQuery } from './held-session.ts';
import { HIDDEN_STATISTICS, READS_ALL_STATS } from './hidden-statistics.ts';
import { type Parsed, parseRows } from './parse-rows.ts';

const ACTIVITY = `
  select ${ACTIVE_SESSION_COLUMNS}
  from pg_catalog.pg_stat_activity
  where backend_type = 'client backend' and ${READS_ALL_STATS}
  order by backend_start, pid`;

const rowsSchema = z.array(z.object(activeSessionShape));

/** Every client backend by itself, oldest first. Needs pg_read_all_stats, and fails with the reason without it. */
export async function readActivity(
  query: RunQuery,
  canaryUser: string | null,
): Promise<Parsed<readonly ActiveSession[]>> {
  const parsed = parseRows(rowsSchema, await query(ACTIVITY, clientBackendParameters(canaryUser)));
  // The session that asks is always among them, so no row at all means that it may not see the others.
  return parsed.ok && parsed.value.length === 0 ? { ok: false, reason: HIDDEN_STATISTICS } : parsed;
}
