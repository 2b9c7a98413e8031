import { Client, type QueryResultRow } from 'pg';
import type { Login } from '../postgres/start-postgres.ts';

/**
 * The truth as PostgreSQL itself tells it, over a superuser session of its own that is counted like any other, and that
 * is opened again when a crash took it. Rejects while the server lets nobody in.
 */
export interface Observer {
  /** Client backends, all of them. */
  count(): Promise<number>;
  countOf(user: string): Promise<number>;
  /** Where each client backend's client is, one entry for each. */
  addresses(): Promise<readonly string[]>;
  /** Epoch milliseconds of real time at which the n-th of the backends that live now was started; null when there are fewer. */
  crossedAt(n: number): Promise<number | null>;
  /** The pid of a backend that serves this user; null when there is none. */
  backendOf(user: string): Promise<number | null>;
  /** Does what only a superuser may, as in `grant`. */
  run(sql: string): Promise<void>;
  close(): Promise<void>;
}

const CLIENTS = `from pg_stat_activity where backend_type = 'client backend'`;

export async function createObserver(superuser: Login): Promise<Observer> {
  let open: Client | null = null;
  const reach = async (): Promise<Client> => {
    if (open !== null) return open;
    const client = new Client({ ...superuser, ssl: false, application_name: 'observer' });
    // The server is stopped and killed in some scenarios; the query under way says so where it matters.
    client.on('error', () => undefined);
    client.once('end', () => {
      if (open === client) open = null;
    });
    await client.connect();
    open = client;
    return client;
  };
  // One after the other: of a server that hangs, who asks again must not ask at the same time.
  let asked: Promise<unknown> = Promise.resolve();
  const ask = <R extends QueryResultRow>(sql: string, values: readonly unknown[] = []): Promise<readonly R[]> => {
    const answer = asked.then(async () => (await (await reach()).query<R>(sql, [...values])).rows);
    asked = answer.catch(() => undefined); // Told to whoever asked.
    return answer;
  };
  const readNumber = async (sql: string, values: readonly unknown[] = []): Promise<number | null> =>
    (await ask<{ readonly n: number | null }>(sql, values))[0]?.n ?? null;
  await reach();
  return {
    count: async () => (await readNumber(`select count(*)::int as n ${CLIENTS}`)) ?? 0,
    countOf: async (user) => (await readNumber(`select count(*)::int as n ${CLIENTS} and usename = $1`, [user])) ?? 0,
    addresses: async () => {
      const rows = await ask<{ readonly address: string }>(`select host(client_addr) as address ${CLIENTS}`);
      return rows.map(({ address }) => address);
    },
    crossedAt: (n) =>
      readNumber(
        `select extract(epoch from backend_start)::float8 * 1000 as n ${CLIENTS} order by backend_start limit 1 offset $1`,
        [n - 1],
      ),
    backendOf: (user) => readNumber(`select pid as n ${CLIENTS} and usename = $1 limit 1`, [user]),
    run: async (sql) => void (await ask(sql)),
    // Not by logging out: a server that hangs would not let it go.
    close: async () => void open?.connection.stream.destroy(),
  };
}
