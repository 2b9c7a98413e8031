import { z } from 'zod';
import type { Clock } from '../model/clock.ts';
import { explainConnectError } from './classify-connect-error.ts';
import { type Connection, connect } from './connect.ts';
import { type Parsed, parseRows } from './parse-rows.ts';
import { type QueryOutcome, queryWithin } from './query-within.ts';

/** PgBouncer's console is a database of this name. */
const CONSOLE = 'pgbouncer';

/** One connection to PgBouncer's console. */
export interface AdminConsole {
  /** A simple query, as it knows no others (facts.md, PostgreSQL 16); without an answer in time the connection is given up. Never throws. */
  ask(command: string, withinMs?: number): Promise<QueryOutcome>;
  end(): void;
}

/** Logs in to the console, within `answerMs`. Never throws. */
export async function openConsole(
  connection: Omit<Connection, 'database'>,
  { clock, answerMs }: { readonly clock: Clock; readonly answerMs: number },
): Promise<Parsed<AdminConsole>> {
  const outcome = await connect({ ...connection, database: CONSOLE }, { clock, deadlineMs: answerMs });
  if (!outcome.ok) return { ok: false, reason: `PgBouncer's console: ${explainConnectError(outcome.fault)}` };
  const { session } = outcome;
  const ask = async (command: string, withinMs = answerMs): Promise<QueryOutcome> => {
    const answer = await queryWithin(session, withinMs, clock, command);
    return answer.ok ? answer : { ...answer, reason: `PgBouncer's console, ${command}: ${answer.reason}` };
  };
  return { ok: true, value: { ask, end: () => session.end() } };
}

/** A connection that it holds to PostgreSQL: `ptr` and `remote_pid` together are one connection, `link` is its client's `ptr`. */
const serversSchema = z.array(z.object({ ptr: z.string(), link: z.string(), remote_pid: z.coerce.number() }));
export type PooledServer = z.infer<typeof serversSchema>[number];

/** A PAUSE is done when there is none. Needs `stats_users` or `admin_users`. */
export async function readPooledServers(console: AdminConsole): Promise<Parsed<readonly PooledServer[]>> {
  return parseRows(serversSchema, await console.ask('SHOW SERVERS'));
}

const clientsSchema = z.array(
  z.object({
    ptr: z.string(),
    user: z.string(),
    database: z.string(),
    addr: z.string(),
    application_name: z.string().default(''),
  }),
);
export type PooledClient = z.infer<typeof clientsSchema>[number];

/** Needs `stats_users` or `admin_users`. */
export async function readPooledClients(console: AdminConsole): Promise<Parsed<readonly PooledClient[]>> {
  return parseRows(clientsSchema, await console.ask('SHOW CLIENTS'));
}

const stateSchema = z.array(z.object({ key: z.string(), value: z.string() }));

/** Whether PAUSE has been said, though it may still wait; `untold` by one that has no SHOW STATE, as 1.18. */
export async function readWhetherPaused(console: AdminConsole): Promise<'yes' | 'no' | 'untold'> {
  const state = parseRows(stateSchema, await console.ask('SHOW STATE'));
  const paused = state.ok ? state.value.find(({ key }) => key === 'paused')?.value : undefined;
  return paused === 'yes' || paused === 'no' ? paused : 'untold';
}
