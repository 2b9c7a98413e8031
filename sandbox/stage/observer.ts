import { Client } from 'pg';
import type { Login } from '../postgres/start-postgres.ts';

/** The truth as PostgreSQL itself tells it, over a superuser session of its own that is counted like any other. */
export interface Observer {
  /** Client backends, all of them. */
  count(): Promise<number>;
  countOf(user: string): Promise<number>;
  /** Epoch milliseconds at which the n-th of the backends that live now was started; null when there are fewer. */
  crossedAt(n: number): Promise<number | null>;
  close(): Promise<void>;
}

const CLIENTS = `from pg_stat_activity where backend_type = 'client backend'`;

export async function createObserver(superuser: Login): Promise<Observer> {
  const client = new Client({ ...superuser, ssl: false, application_name: 'observer' });
  // The server is stopped and killed in some scenarios; the next query says so where it matters.
  client.on('error', () => undefined);
  await client.connect();
  const readNumber = async (sql: string, values: readonly unknown[] = []): Promise<number | null> => {
    const { rows } = await client.query<{ readonly n: number | null }>(sql, [...values]);
    return rows[0]?.n ?? null;
  };
  return {
    count: async () => (await readNumber(`select count(*)::int as n ${CLIENTS}`)) ?? 0,
    countOf: async (user) => (await readNumber(`select count(*)::int as n ${CLIENTS} and usename = $1`, [user])) ?? 0,
    crossedAt: (n) =>
      readNumber(
        `select extract(epoch from backend_start)::float8 * 1000 as n ${CLIENTS} order by backend_start limit 1 offset $1`,
        [n - 1],
      ),
    close: () => client.end(),
  };
}
