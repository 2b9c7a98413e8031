import { z } from 'zod';
import type { Clock } from '../model/clock.ts';
import type { TerminationTarget } from '../model/termination.ts';
import { IDENTITY_COLUMNS } from './client-backends.ts';
import type { RunQuery } from './held-session.ts';
import { HIDDEN_STATISTICS, READS_ALL_STATS } from './hidden-statistics.ts';
import { type Parsed, parseRows } from './parse-rows.ts';

/** Which of these, by pid *and* backend_start, still are: another session with the same pid is none of them. */
const REMAINING = `
  with shown as materialized (
    select * from unnest($1::int[], $2::text[]) with ordinality as shown (pid, "backendStart", n)
  ),
  backend as materialized (
    select ${IDENTITY_COLUMNS} from pg_catalog.pg_stat_activity where pid = any ($1::int[])
  )
  select
    ${READS_ALL_STATS} as "readsAllStats",
    (
      select coalesce(json_agg(n), '[]')
      from shown
      join backend using (pid, "backendStart")
    ) as remaining`;

const rowsSchema = z.tuple([z.object({ readsAllStats: z.boolean(), remaining: z.array(z.int().positive()) })]);

const LOOK_EVERY_MS = 25;

/** How long sessions that were told to end have for it, and a lost connection to come back. Milliseconds. */
export const GONE_WITHIN_MS = 5_000;

interface Aimed {
  readonly target: Pick<TerminationTarget, 'pid' | 'backendStart'>;
}

/** Who was still there at the last look. */
export type LastLook<T> = Parsed<ReadonlySet<T>>;

/**
 * Looks until all that `must` go are gone, or the time is over; says which are still there, or why the last look showed
 * nothing. A lost connection is waited for like a slow session. Needs pg_read_all_stats.
 */
export async function awaitGone<T extends Aimed>(
  all: readonly T[],
  must: (one: T) => boolean,
  { query, clock }: { readonly query: RunQuery; readonly clock: Clock },
): Promise<LastLook<T>> {
  let deadline = clock.now() + GONE_WITHIN_MS;
  for (;;) {
    // A clock that is set back must not make it wait for hours.
    deadline = Math.min(deadline, clock.now() + GONE_WITHIN_MS);
    const look = await readRemaining(query, all);
    if (look.ok && ![...look.value].some(must)) return look;
    if (clock.now() >= deadline) return look;
    await clock.sleep(LOOK_EVERY_MS);
  }
}

/** Which of these still are, now. */
export async function readRemaining<T extends Aimed>(query: RunQuery, all: readonly T[]): Promise<LastLook<T>> {
  if (all.length === 0) return { ok: true, value: new Set() };
  const columns = [all.map(({ target }) => target.pid), all.map(({ target }) => target.backendStart)];
  const parsed = parseRows(rowsSchema, await query(REMAINING, columns));
  if (!parsed.ok) return parsed;
  const [{ readsAllStats, remaining }] = parsed.value;
  if (!readsAllStats) return { ok: false, reason: HIDDEN_STATISTICS };
  return { ok: true, value: new Set(remaining.flatMap((n) => all[n - 1] ?? [])) };
}
