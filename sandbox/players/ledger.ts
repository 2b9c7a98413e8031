import { setTimeout as delay } from 'node:timers/promises';
import { Client, escapeIdentifier, escapeLiteral } from 'pg';
import type { Login } from '../postgres/start-postgres.ts';
import { checksumOf, holdLedger, type LedgerVerdict } from './hold-ledger.ts';
import { createBoundSocket } from './player-session.ts';

/**
 * An application that writes on and on, one committed row after the other, through every loss of its session, and remembers
 * which commits it was told of: whatever a recovery does, each of these must be there.
 */
export interface Ledger {
  /** Commits that PostgreSQL acknowledged so far. */
  acknowledged(): number;
  /** Commits whose answer never came: their rows may be there, once. */
  uncertain(): number;
  /** How often it has logged in. */
  logins(): number;
  /** Resolves when so many more commits than now were acknowledged; rejects after `timeoutMs`. */
  writes(more: number, timeoutMs?: number): Promise<void>;
  /** Holds all rows against what it remembers, by one query of a superuser's, while it writes nothing. */
  verify(): Promise<LedgerVerdict>;
  /** Stops writing, whatever the server does. */
  close(): Promise<void>;
}

const NAME = 'ledger';
const LOGIN_WITHIN_MS = 2_000;
const TRY_AGAIN_MS = 100;
const LOOK_EVERY_MS = 20;

/** Makes its role and database, and begins to write; `everyMs` lies between two commits, in real time. */
export async function openLedger(
  superuser: Login,
  { everyMs = 20, localAddress = '127.10.0.98' }: { readonly everyMs?: number; readonly localAddress?: string } = {},
): Promise<Ledger> {
  await asSuperuser(superuser, prepare);
  const { host, port } = superuser;
  const closing = new AbortController();
  const acknowledged: number[] = [];
  const uncertain: number[] = [];
  let [last, logins, writing] = [0, 0, true];
  let pausing = Promise.withResolvers<void>();
  let session: Client | null = null;

  async function live(): Promise<void> {
    while (!closing.signal.aborted) {
      const client = await logIn();
      if (client === null) {
        await pause(TRY_AGAIN_MS);
        continue;
      }
      session = client;
      logins += 1;
      while (!closing.signal.aborted) {
        if (!writing) {
          pausing.resolve();
          await pause(LOOK_EVERY_MS);
        } else if (await writeOne(client)) await pause(everyMs);
        else break;
      }
      destroy(client);
    }
    pausing.resolve();
  }

  async function logIn(): Promise<Client | null> {
    if (!writing) pausing.resolve();
    const client = new Client({
      host,
      port,
      user: NAME,
      password: NAME,
      database: NAME,
      application_name: NAME,
      ssl: false,
      connectionTimeoutMillis: LOGIN_WITHIN_MS,
      stream: () => createBoundSocket(localAddress),
    });
    client.on('error', () => {}); // Told by the statement under way, or the next one.
    try {
      await client.connect();
      // An acknowledged commit has left the server's memory: it outlives the processes, also where the stage fsyncs nothing.
      await client.query('set synchronous_commit = on');
      return client;
    } catch {
      destroy(client);
      return null; // The server is away; it is tried again.
    }
  }

  /** False when the session is lost, and with it the answer. */
  async function writeOne(client: Client): Promise<boolean> {
    last += 1;
    const n = last;
    try {
      await client.query(INSERT, [n, checksumOf(n)]);
      acknowledged.push(n);
      return true;
    } catch {
      // Whatever the error says: the commit may have come before it. The number is never used again.
      uncertain.push(n);
      return false;
    }
  }

  function destroy(client: Client): void {
    if (session === client) session = null;
    client.connection.stream.destroy();
  }

  async function pause(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: closing.signal }).catch(() => undefined);
  }

  const life = live();
  return {
    acknowledged: () => acknowledged.length,
    uncertain: () => uncertain.length,
    logins: () => logins,
    async writes(more, timeoutMs = 20_000) {
      const wanted = acknowledged.length + more;
      const giveUpAt = Date.now() + timeoutMs;
      while (acknowledged.length < wanted) {
        if (Date.now() > giveUpAt) throw new Error(`the ledger did not write ${more} rows within ${timeoutMs} ms`);
        await delay(LOOK_EVERY_MS);
      }
    },
    async verify() {
      pausing = Promise.withResolvers();
      writing = false;
      if (!closing.signal.aborted) await pausing.promise;
      try {
        return await asSuperuser({ ...superuser, database: NAME }, (client) =>
          holdLedger(client, acknowledged, uncertain),
        );
      } finally {
        writing = true;
      }
    },
    async close() {
      closing.abort();
      if (session !== null) destroy(session);
      await life;
    },
  };
}

async function prepare(client: Client): Promise<void> {
  const [role, password] = [escapeIdentifier(NAME), escapeLiteral(NAME)];
  await client.query(`create role ${role} login password ${password}`);
  await client.query(`create database ${role} owner ${role}`);
  const { host, port } = client;
  // No key: whatever is written twice shall be seen.
  await asSuperuser({ host, port, user: NAME, password: NAME, database: NAME }, (own) =>
    own.query('create table entry (n bigint not null, checksum text not null)'),
  );
}

const INSERT = 'insert into entry (n, checksum) values ($1, $2)';

async function asSuperuser<T>(login: Login, act: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ ...login, ssl: false, application_name: 'ledger-auditor' });
  client.on('error', () => {}); // Told by the statement under way.
  await client.connect();
  try {
    return await act(client);
  } finally {
    await client.end();
  }
}
