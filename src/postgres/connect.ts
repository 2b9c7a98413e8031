import { Socket } from 'node:net';
import type { ConnectionOptions as TlsOptions } from 'node:tls';
import { Client } from 'pg';
import { OWN_APPLICATION } from '../model/application.ts';
import type { Clock } from '../model/clock.ts';
import { type ConnectFault, readConnectFault } from './connect-fault.ts';

/** Where and as whom to log in. */
export interface Connection {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  readonly password?: string | undefined;
  /** Absent means plaintext (contract.md); an object, since pg reads every `sslmode` as verify-full (facts.md, PostgreSQL 17). */
  readonly ssl?: TlsOptions | undefined;
}

/** One logged-in connection. */
export interface Session {
  /** Rows as pg parses them, unchecked; of several statements in one text, the last one's. One at a time; never throws. */
  query(sql: string, values?: readonly unknown[]): Promise<SessionAnswer>;
  /** The process that serves it, as the server said at login: a pooler invents one. Null where none was said. */
  readonly backendPid: number | null;
  /** Resolves, with the cause, when the connection is gone. */
  readonly ended: Promise<ConnectFault>;
  /** Says goodbye without waiting for an answer. */
  end(): void;
  /** Breaks the connection to a server that gave no answer for so long; `ended` then says so. */
  giveUp(waitedMs: number): void;
}

export type SessionAnswer =
  | { readonly ok: true; readonly rows: readonly unknown[] }
  | { readonly ok: false; readonly fault: ConnectFault };

export type ConnectOutcome =
  | { readonly ok: true; readonly session: Session }
  | { readonly ok: false; readonly fault: ConnectFault };

/** Our idle side learns within about a minute and a half that the other has vanished (facts.md, PostgreSQL 12). */
const KEEPALIVE_DELAY_MS = 10_000;

/** Logs in as `breakwater`, within `deadlineMs` from the first packet to the end of authentication. Never throws. */
export async function connect(
  connection: Connection,
  { clock, deadlineMs, signal }: { readonly clock: Clock; readonly deadlineMs: number; readonly signal?: AbortSignal },
): Promise<ConnectOutcome> {
  const socket = new Socket();
  const tcp = { connected: false };
  socket.once('connect', () => {
    tcp.connected = true;
  });
  const client = createClient(connection, socket);
  const toFault = (error: unknown) => readConnectFault(error, tcp.connected, connection.password);
  const ended = watchEnd(client, toFault);

  const settled = new AbortController();
  const stop = signal === undefined ? settled.signal : AbortSignal.any([signal, settled.signal]);
  const failure = await Promise.race([
    client.connect().then(() => null, toFault),
    clock.sleep(deadlineMs, stop).then(() => timeoutFault(deadlineMs, tcp.connected)),
  ]);
  settled.abort();
  if (failure !== null) {
    socket.destroy();
    return { ok: false, fault: failure };
  }
  return { ok: true, session: createSession(client, socket, ended, toFault) };
}

/**
 * Nothing is left to the environment (PGPASSWORD, PGSSLMODE, PGSSLNEGOTIATION, PGOPTIONS, PGREPLICATION, ~/.pgpass): what is
 * configured is what happens.
 */
function createClient({ password, ssl, ...where }: Connection, socket: Socket): Client {
  const client = new Client({
    ...where,
    password: () => password ?? '',
    ssl: ssl ?? false,
    sslnegotiation: 'postgres',
    application_name: OWN_APPLICATION,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEPALIVE_DELAY_MS,
    stream: () => socket,
  });
  // pg has no value that means "none" for these two, and reads the environment instead.
  Object.assign(Reflect.get(client, 'connectionParameters'), { options: undefined, replication: undefined });
  return client;
}

/** Without an `error` listener a dying connection takes the process with it (facts.md, PostgreSQL 5). */
function watchEnd(client: Client, toFault: (error: unknown) => ConnectFault): Promise<ConnectFault> {
  const causes: unknown[] = [];
  client.on('error', (error) => causes.push(error));
  return new Promise((resolve) => {
    // The first cause is the server's word; what follows is only the closing socket.
    client.once('end', () => resolve(toFault(causes[0] ?? new Error('Connection terminated'))));
  });
}

function createSession(
  client: Client,
  socket: Socket,
  ended: Promise<ConnectFault>,
  toFault: (error: unknown) => ConnectFault,
): Session {
  const gaveUp = Promise.withResolvers<ConnectFault>();
  const pid: unknown = Reflect.get(client, 'processID');
  return {
    backendPid: typeof pid === 'number' ? pid : null,
    query: async (sql, values = []) => {
      try {
        // An array, which its types do not say, where the text holds several statements.
        const results = [await client.query<Record<string, unknown>>(sql, [...values])].flat();
        return { ok: true, rows: results.at(-1)?.rows ?? [] };
      } catch (error) {
        return { ok: false, fault: toFault(error) };
      }
    },
    ended: Promise.race([gaveUp.promise, ended]),
    end: () => {
      void client.end(); // Resolves only when the server has hung up, which a frozen one never does.
      socket.destroy();
    },
    giveUp: (waitedMs) => {
      gaveUp.resolve(timeoutFault(waitedMs, true));
      socket.destroy();
    },
  };
}

function timeoutFault(waitedMs: number, tcpConnected: boolean): ConnectFault {
  const message = `no answer within ${waitedMs} ms`;
  return { tcpConnected, timedOut: true, code: null, routine: null, message, detail: null, fromServer: false };
}
