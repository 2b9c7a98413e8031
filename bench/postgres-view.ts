import { Client } from 'pg';
import type { Login } from '../sandbox/postgres/start-postgres.ts';

/** What benchmarks ask PostgreSQL, over a superuser session of their own that is counted like any other. */
export interface PostgresView {
  /** Epoch milliseconds at which the n-th of the client backends of a user (null: of all) that live now was started. */
  crossedAt(n: number, user: string | null): Promise<number>;
  /** When the bot's newest sample was answered, epoch milliseconds; null while it has taken none. */
  sampledAt(): Promise<number | null>;
  /** The backend of the bot's held session. */
  heldBackendPid(): Promise<number>;
}

const CROSSED = `
  select extract(epoch from backend_start)::float8 * 1000 as n
  from pg_stat_activity
  where backend_type = 'client backend' and ($2::text is null or usename = $2)
  order by backend_start limit 1 offset $1`;

/**
 * The grouped query of src/postgres/read-sessions.ts is the only one that asks for the first of these; the slow signals, which
 * follow the first sample at once on the same session, for the second.
 */
const SAMPLED = `
  select extract(epoch from state_change)::float8 * 1000 as n
  from pg_stat_activity
  where usename = 'breakwater' and state = 'idle'
    and (query like '%oldestTransactionMs%' or query like '%datfrozenxid%')`;

/** Of the two that it holds the one that samples, and not the one that waits for acts. */
const HELD = `
  select pid as n
  from pg_stat_activity
  where usename = 'breakwater'
    and (query like '%oldestTransactionMs%' or query like '%datfrozenxid%')
  order by backend_start
  limit 1`;

export async function openPostgresView(superuser: Login, scope: AsyncDisposableStack): Promise<PostgresView> {
  const client = new Client({ ...superuser, ssl: false, application_name: 'bench' });
  let failure: Error | null = null;
  client.on('error', (error) => {
    failure = error; // Said by the next question.
  });
  await client.connect();
  scope.defer(() => client.end());
  const read = async (sql: string, values: readonly unknown[] = []): Promise<number | null> => {
    if (failure !== null) throw failure;
    const { rows } = await client.query<{ readonly n: number | null }>(sql, [...values]);
    return rows[0]?.n ?? null;
  };
  const demand = async (what: string, answer: Promise<number | null>): Promise<number> => {
    const n = await answer;
    if (n === null) throw new Error(`PostgreSQL knows of no ${what}`);
    return n;
  };
  return {
    crossedAt: (n, user) => demand(`${n}th session`, read(CROSSED, [n - 1, user])),
    sampledAt: () => read(SAMPLED),
    heldBackendPid: () => demand('held session of the bot', read(HELD)),
  };
}
