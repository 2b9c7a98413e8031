import { z } from 'zod';
import { OWN_APPLICATION } from '../model/application.ts';
import { SESSION_STATES, type SessionGroup } from '../model/session-group.ts';
import type { RunQuery } from './held-session.ts';
import { type Parsed, parseRows } from './parse-rows.ts';

/**
 * All client backends in one grouped query: 1 ms at 100 sessions, 12 ms at 3000 (facts.md, PostgreSQL 13). A backend
 * that has not logged in is `starting`: state NULL, and from PostgreSQL 18 on `starting`.
 * Autocommit, since pg_stat_activity stands still within a transaction; ages are as of clock_timestamp().
 */
const SESSIONS = `
  select
    usename::text as "user",
    datname::text as database,
    application_name as "applicationName",
    pg_catalog.host(client_addr) as address,
    case
      when state is null then 'starting'
      when state = any ($2::text[]) then state
      else 'other'
    end as state,
    coalesce(application_name = $3 and (usename = session_user or usename = $1), false) as own,
    count(*)::int as count,
    (count(*) filter (where wait_event_type = 'Lock'))::int as "lockWaits",
    (extract(epoch from max(clock_timestamp() - xact_start)) * 1000)::float8 as "oldestTransactionMs",
    (extract(epoch from max(clock_timestamp() - state_change)) * 1000)::float8 as "longestInStateMs"
  from pg_catalog.pg_stat_activity
  where backend_type = 'client backend'
  group by 1, 2, 3, 4, 5, 6`;

// The server's clock may have been set back; SQL's greatest(0, …) would turn "none" into 0.
const ageSchema = z
  .number()
  .nullable()
  .transform((ms) => (ms === null ? null : Math.max(0, ms)));

const rowsSchema = z.array(
  z.object({
    user: z.string().nullable(),
    database: z.string().nullable(),
    applicationName: z
      .string()
      .nullable()
      .transform((name) => name ?? ''),
    address: z.string().nullable(),
    state: z.enum(SESSION_STATES),
    own: z.boolean(),
    count: z.int().positive(),
    lockWaits: z.int().nonnegative(),
    oldestTransactionMs: ageSchema,
    longestInStateMs: ageSchema,
  }),
);

/**
 * Who is connected. Own are the sessions that log in under the bot's role, or the canary's, *and* its name: the name alone
 * anybody can take. Needs pg_read_all_stats, without which other roles' sessions are silently left out.
 */
export async function readSessions(
  query: RunQuery,
  canaryUser: string | null,
): Promise<Parsed<readonly SessionGroup[]>> {
  return parseRows(rowsSchema, await query(SESSIONS, [canaryUser, SESSION_STATES, OWN_APPLICATION]));
}
