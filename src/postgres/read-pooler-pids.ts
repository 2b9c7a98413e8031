import { z } from 'zod';
import type { Clock } from '../model/clock.ts';
import { explainConnectError } from './classify-connect-error.ts';
import { type Connection, connect } from './connect.ts';
import { type Parsed, parseRows } from './parse-rows.ts';
import { queryWithin } from './query-within.ts';

/** PgBouncer's console is a database of this name. */
const CONSOLE = 'pgbouncer';

/** A number where the console says int4, a text where a fork of it does not; 0 while a server connection is being made. */
const rowsSchema = z.array(z.object({ remote_pid: z.coerce.number().pipe(z.int().nonnegative()) }));

/**
 * The pids of the backends that PgBouncer holds, from its console: one short-lived connection, simple queries only
 * (facts.md, PostgreSQL 16), all within `deadlineMs`. They are those of all servers behind it, so a session elsewhere may
 * be taken for a pooler's too: it is spared then. Needs a user of admin_users or stats_users.
 */
export async function readPoolerPids(
  connection: Omit<Connection, 'database'>,
  { clock, deadlineMs }: { readonly clock: Clock; readonly deadlineMs: number },
): Promise<Parsed<ReadonlySet<number>>> {
  const startedAt = clock.now();
  const outcome = await connect({ ...connection, database: CONSOLE }, { clock, deadlineMs });
  if (!outcome.ok) return fail(explainConnectError(outcome.fault));
  const leftMs = Math.max(0, startedAt + deadlineMs - clock.now());
  const parsed = parseRows(rowsSchema, await queryWithin(outcome.session, leftMs, clock, 'SHOW SERVERS'));
  outcome.session.end();
  if (!parsed.ok) return fail(parsed.reason);
  return { ok: true, value: new Set(parsed.value.map(({ remote_pid: pid }) => pid).filter((pid) => pid > 0)) };
}

function fail(reason: string): Parsed<never> {
  return { ok: false, reason: `PgBouncer's console: ${reason}` };
}
