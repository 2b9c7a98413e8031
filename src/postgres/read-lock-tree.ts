import { z } from 'zod';
import type { LockNode, LockTree } from '../model/lock-tree.ts';
import { ageSchema, CLIENT_BACKEND_COLUMNS, clientBackendParameters, clientBackendShape } from './client-backends.ts';
import { AWAITED_COLUMNS, awaitedSchema, describeAwaited } from './describe-awaited.ts';
import type { RunQuery } from './held-session.ts';
import { HIDDEN_STATISTICS, READS_ALL_STATS } from './hidden-statistics.ts';
import { type Parsed, parseRows } from './parse-rows.ts';
import { readPreparedHolders } from './read-prepared-holders.ts';
import { statementSchema } from './statement-schema.ts';

/** Without a look at the lock manager. */
const WAITERS = `
  select
    current_setting('server_version_num')::int as "versionNumber",
    ${READS_ALL_STATS} as "readsAllStats",
    array(select pid from pg_catalog.pg_stat_activity where wait_event_type = 'Lock') as pids`;

const waitersSchema = z.tuple([
  z.object({ versionNumber: z.int(), readsAllStats: z.boolean(), pids: z.array(z.int().positive()) }),
]);

/** Since when one waits: waitstart is NULL for a moment after the wait began, and came with PostgreSQL 14 (see read-lock-waits.ts). */
const waitedSince = (versionNumber: number) =>
  versionNumber >= 140_000 ? 'coalesce(awaited.waitstart, clock_timestamp())' : 'query_start';

/**
 * The waiters and whoever holds them up. pg_blocking_pids holds up the lock manager, once for each waiter (facts.md,
 * PostgreSQL 15): for no other row. Blocked by several workers of one query is blocked by one.
 */
const tree = (versionNumber: number) => `
  with waiting as materialized (
    select pid, array(select distinct unnest(pg_catalog.pg_blocking_pids(pid)) order by 1) as "blockingPids"
    from unnest($4::int[]) as pid
  ),
  involved as materialized (
    select pid from waiting where "blockingPids" <> '{}'
    union
    select unnest("blockingPids") from waiting
  ),
  locks as materialized (
    select distinct on (pid) * from pg_catalog.pg_locks where not granted and pid = any ($4::int[]) order by pid
  )
  select
    ${CLIENT_BACKEND_COLUMNS},
    pid,
    coalesce("blockingPids", '{}') as "blockingPids",
    (extract(epoch from clock_timestamp() - xact_start) * 1000)::float8 as "transactionMs",
    case
      when awaited.pid is not null
      then (extract(epoch from clock_timestamp() - ${waitedSince(versionNumber)}) * 1000)::float8
    end as "waitedMs",
    case when awaited.pid is not null then ${AWAITED_COLUMNS} end as awaited,
    pg_catalog.left(query, 4000) as statement
  from involved
  join pg_catalog.pg_stat_activity using (pid)
  left join waiting using (pid)
  left join locks as awaited using (pid)
  order by backend_start, pid`;

const rowsSchema = z.array(
  z.object({
    ...clientBackendShape,
    pid: z.int().positive(),
    blockingPids: z.array(z.int().nonnegative()),
    transactionMs: ageSchema,
    waitedMs: ageSchema,
    awaited: awaitedSchema.nullable(),
    statement: statementSchema,
  }),
);

type Row = z.infer<typeof rowsSchema>[number];

/** PostgreSQL's pid for any prepared transaction. */
const PREPARED_PID = 0;

/**
 * Who waits for whom: one cheap statement while nobody waits, one or two more else. Needs pg_read_all_stats, and fails with
 * the reason without it.
 */
export async function readLockTree(query: RunQuery, canaryUser: string | null): Promise<Parsed<LockTree>> {
  const waiters = parseRows(waitersSchema, await query(WAITERS));
  if (!waiters.ok) return waiters;
  const [{ versionNumber, readsAllStats, pids }] = waiters.value;
  if (!readsAllStats) return { ok: false, reason: HIDDEN_STATISTICS };
  if (pids.length === 0) return { ok: true, value: { nodes: [] } };

  const parameters = [...clientBackendParameters(canaryUser), pids];
  const rows = parseRows(rowsSchema, await query(tree(versionNumber), parameters));
  if (!rows.ok) return rows;
  const behindPrepared = rows.value.filter(({ blockingPids }) => blockingPids.includes(PREPARED_PID));
  const prepared = await readPreparedHolders(
    query,
    behindPrepared.map(({ pid }) => pid),
  );
  if (!prepared.ok) return prepared;

  // A holder may have ended while it was looked up: nobody waits for what is gone.
  const known = new Set(rows.value.map(({ pid }) => pid));
  const nodes = rows.value.map((row) => {
    const sessions = row.blockingPids.filter((pid) => known.has(pid)).map(toId);
    return toNode(row, [...sessions, ...(prepared.value.byWaiter.get(row.pid) ?? [])]);
  });
  return { ok: true, value: { nodes: [...nodes, ...prepared.value.nodes] } };
}

function toId(pid: number): string {
  return `pid:${pid}`;
}

function toNode(row: Row, blockedBy: readonly string[]): LockNode {
  const { pid, user, database, applicationName, address, state, waitedMs, transactionMs, statement } = row;
  const who = { id: toId(pid), kind: 'session', pid, gid: null, user, database, applicationName, address } as const;
  const awaits = row.awaited === null ? null : describeAwaited(row.awaited);
  return { ...who, state, waitedMs, transactionMs, awaits, statement, blockedBy };
}
