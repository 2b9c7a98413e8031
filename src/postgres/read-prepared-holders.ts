import { z } from 'zod';
import type { LockNode } from '../model/lock-tree.ts';
import { ageSchema } from './client-backends.ts';
import type { RunQuery } from './held-session.ts';
import { conflicts } from './lock-conflicts.ts';
import { type Parsed, parseRows } from './parse-rows.ts';

/**
 * The prepared transactions that hold a lock on what these sessions wait for. Their locks have no pid, and go by the virtual
 * transaction that they were in the session that prepared them (after a restart `-1/<xid>`): it is their lock on their own
 * transaction that tells which one that is. Anybody may read pg_prepared_xacts.
 */
const HOLDERS = `
  with locks as materialized (select * from pg_catalog.pg_locks)
  select
    awaited.pid as waiter,
    awaited.mode as wanted,
    held.mode as held,
    prepared.gid,
    prepared.owner::text as "user",
    prepared.database::text as database,
    (extract(epoch from clock_timestamp() - prepared.prepared) * 1000)::float8 as "transactionMs"
  from locks as awaited
  join locks as held
    on held.granted
    and held.pid is null
    and (held.locktype, held.database, held.relation, held.page, held.tuple)
      is not distinct from (awaited.locktype, awaited.database, awaited.relation, awaited.page, awaited.tuple)
    and (held.virtualxid, held.transactionid, held.classid, held.objid, held.objsubid)
      is not distinct from (awaited.virtualxid, awaited.transactionid, awaited.classid, awaited.objid, awaited.objsubid)
  join locks as self
    on self.locktype = 'transactionid'
    and self.granted
    and self.pid is null
    and self.virtualtransaction = held.virtualtransaction
  join pg_catalog.pg_prepared_xacts as prepared on prepared.transaction = self.transactionid
  where not awaited.granted and awaited.pid = any ($1::int[])
  order by prepared.prepared, prepared.gid`;

const rowsSchema = z.array(
  z.object({
    waiter: z.int().positive(),
    wanted: z.string(),
    held: z.string(),
    gid: z.string(),
    user: z.string().nullable(),
    database: z.string().nullable(),
    transactionMs: ageSchema,
  }),
);

const PREPARED = {
  kind: 'prepared',
  pid: null,
  applicationName: '',
  address: null,
  waitedMs: null,
  awaits: null,
  statement: null,
  blockedBy: [],
} as const;

/** Where the server says that a prepared transaction is in the way and no lock tells which. */
export const UNNAMED_PREPARED: LockNode = {
  ...PREPARED,
  id: 'prepared:?',
  gid: null,
  user: null,
  database: null,
  state: 'prepared; which one cannot be told',
  transactionMs: null,
};

export interface PreparedHolders {
  readonly nodes: readonly LockNode[];
  /** Their ids, by the pid of who waits. */
  readonly byWaiter: ReadonlyMap<number, readonly string[]>;
}

/** Which prepared transactions hold up these waiters; asks nothing where there are none. PostgreSQL says only "0" for them (facts.md, 15). */
export async function readPreparedHolders(
  query: RunQuery,
  waiters: readonly number[],
): Promise<Parsed<PreparedHolders>> {
  if (waiters.length === 0) return { ok: true, value: { nodes: [], byWaiter: new Map() } };
  const parsed = parseRows(rowsSchema, await query(HOLDERS, [waiters]));
  if (!parsed.ok) return parsed;
  const nodes = new Map<string, LockNode>();
  const byWaiter = new Map<number, Set<string>>();
  for (const { waiter, wanted, held, ...prepared } of parsed.value) {
    if (!conflicts(held, wanted)) continue;
    const id = `prepared:${prepared.gid}`;
    nodes.set(id, { ...PREPARED, ...prepared, id, state: 'prepared' });
    byWaiter.set(waiter, (byWaiter.get(waiter) ?? new Set()).add(id));
  }
  for (const waiter of waiters) {
    if (byWaiter.has(waiter)) continue;
    nodes.set(UNNAMED_PREPARED.id, UNNAMED_PREPARED);
    byWaiter.set(waiter, new Set([UNNAMED_PREPARED.id]));
  }
  const ids = new Map([...byWaiter].map(([waiter, held]) => [waiter, [...held]]));
  return { ok: true, value: { nodes: [...nodes.values()], byWaiter: ids } };
}
