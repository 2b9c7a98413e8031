import { z } from 'zod';
import type { TerminationTarget } from '../model/termination.ts';
import {
  BACKENDS_WITH_ROLES,
  CLIENT_BACKEND_COLUMNS,
  clientBackendParameters,
  IDENTITY_COLUMNS,
  STANDING_COLUMNS,
} from './client-backends.ts';
import type { RunQuery } from './held-session.ts';
import { READS_ALL_STATS } from './hidden-statistics.ts';
import { parseRows } from './parse-rows.ts';

/**
 * The one statement that ends sessions. What it was shown and what is now true meet in it, so nothing comes in between:
 * a target is who it was by pid, backend_start, role and database (facts.md, PostgreSQL 8), times compared as the texts that
 * were shown (9); it may be ended at all (6, 7); and it has done nothing since; an active one, moreover, still waits
 * for what it was shown to wait for. Everything is decided before the first
 * signal: the scan of pg_stat_activity is materialized. What bears the bot's name is left alone, under whatever role: on one server
 * there may be a second bot. pg_terminate_backend without a timeout does not wait (10). Its parameters:
 * clientBackendParameters, then the targets column by column.
 */
const SIGNAL = `
  with target as materialized (
    select *
    from unnest($4::int[], $5::text[], $6::oid[], $7::oid[], $8::text[], $9::text[], $10::text[])
      with ordinality as shown (pid, "backendStart", "userId", "databaseId", state, "stateChange", "waitEvent", n)
  ),
  backend as materialized (
    select ${CLIENT_BACKEND_COLUMNS}, ${IDENTITY_COLUMNS}, ${STANDING_COLUMNS}, wait_event as "waitEvent"
    from ${BACKENDS_WITH_ROLES}
    where pid = any ($4::int[])
  ),
  found as materialized (
    select
      n,
      backend.pid,
      case
        when not ${READS_ALL_STATS} then 'hidden'
        when backend.pid is null then 'ended'
        when own or "applicationName" = $3 or backend.pid = pg_catalog.pg_backend_pid() then 'own'
        when "backendType" is distinct from 'client backend' then 'no client'
        when superuser is null then 'no role'
        when superuser then 'superuser'
        when replication then 'replication'
        when (backend.state = target.state and backend."stateChange" = target."stateChange") is not true then 'used'
        when backend.state = 'active' and (backend."waitEvent" = target."waitEvent") is not true then 'used'
        else 'unchanged'
      end as standing
    from target
    left join backend on backend.pid = target.pid
      and backend."backendStart" = target."backendStart"
      and backend."userId" is not distinct from target."userId"
      and backend."databaseId" is not distinct from target."databaseId"
  )
  select
    n::int,
    standing,
    case standing when 'unchanged' then pg_catalog.pg_terminate_backend(pid) end as signalled
  from found`;

const rowsSchema = z.array(
  z.object({
    n: z.int().positive(),
    standing: z.enum([
      'hidden',
      'ended',
      'own',
      'no client',
      'no role',
      'superuser',
      'replication',
      'used',
      'unchanged',
    ]),
    signalled: z.boolean().nullable(),
  }),
);

type Row = z.infer<typeof rowsSchema>[number];

/** What the statement found of one target; `signalled` when it still was what was shown, and was told to end. */
export type Standing = Exclude<Row['standing'], 'unchanged'> | 'signalled';

export type Signalled =
  /** One for each target, in their order. */
  | { readonly outcome: 'answered'; readonly standings: readonly Standing[] }
  /** The server refused the statement, maybe after it had signalled some (facts.md, PostgreSQL 7). */
  | { readonly outcome: 'refused'; readonly reason: string }
  /** No answer came: nobody knows how far it got. */
  | { readonly outcome: 'unanswered'; readonly reason: string }
  /** There was no session to send it on: it did nothing. */
  | { readonly outcome: 'unsent'; readonly reason: string };

/** Tells these sessions to end, each only as long as it is what was shown. Needs pg_signal_backend and pg_read_all_stats. */
export async function signalSessions(
  query: RunQuery,
  targets: readonly TerminationTarget[],
  canaryUser: string | null,
): Promise<Signalled> {
  const outcome = await query(SIGNAL, [...clientBackendParameters(canaryUser), ...toColumns(targets)]);
  if (!outcome.ok) {
    if (outcome.unsent) return { outcome: 'unsent', reason: outcome.reason };
    return { outcome: outcome.sqlState === undefined ? 'unanswered' : 'refused', reason: outcome.reason };
  }
  const parsed = parseRows(rowsSchema, outcome);
  if (!parsed.ok) return { outcome: 'unanswered', reason: parsed.reason };
  const byNumber = new Map(parsed.value.map((row) => [row.n, row]));
  return { outcome: 'answered', standings: targets.map((_, index) => standingOf(byNumber.get(index + 1))) };
}

/** pg_terminate_backend says false where the process ended while it was being signalled. */
function standingOf(row: Row | undefined): Standing {
  if (row === undefined) return 'hidden';
  if (row.standing !== 'unchanged') return row.standing;
  return row.signalled === true ? 'signalled' : 'ended';
}

function toColumns(targets: readonly TerminationTarget[]): readonly unknown[] {
  const keys = ['pid', 'backendStart', 'userId', 'databaseId', 'state', 'stateChange', 'waitEvent'] as const;
  return keys.map((key) => targets.map((target) => target[key] ?? null));
}
