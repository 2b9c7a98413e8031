import { Socket } from 'node:net';
import { Client } from 'pg';

export interface PlayerLogin {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly applicationName: string;
  /** The client's own address, as in `127.10.0.7`: what a pod's address is to the server. */
  readonly localAddress: string;
}

/** One real client session. */
export interface PlayerSession {
  /** What it is used for; `abandoned` sockets stay open and are never touched again. */
  use: 'idle' | 'transaction' | 'queries' | 'abandoned';
  query(sql: string): Promise<void>;
  /** Logs out. */
  end(): Promise<void>;
  /** Closes the socket as the kernel does for a killed process. */
  destroy(): Promise<void>;
}

/** Logs in; rejects as pg does. `onEnd` is called when the session is gone, whoever ended it. */
export async function openPlayerSession(login: PlayerLogin, onEnd: () => void): Promise<PlayerSession> {
  const { applicationName, localAddress, ...where } = login;
  const socket = createBoundSocket(localAddress);
  const client = new Client({ ...where, ssl: false, application_name: applicationName, stream: () => socket });
  client.on('error', () => {}); // Being thrown out is part of the play; `end` follows and tells.
  const gone = new Promise<void>((resolve) => {
    client.once('end', resolve);
  });
  try {
    await client.connect();
  } catch (error) {
    socket.destroy();
    throw error;
  }
  void gone.then(onEnd);
  return {
    use: 'idle',
    query: async (sql) => {
      await client.query(sql);
    },
    end: () => client.end(),
    destroy: () => {
      socket.destroy();
      return gone;
    },
  };
}

/** pg calls `connect(port, host)` on the socket it is given: the local address is slipped in there. */
export function createBoundSocket(localAddress: string): Socket {
  const socket = new Socket();
  const connect = socket.connect.bind(socket);
  const bound = (port: number, host: string) => connect({ port, host, localAddress });
  return Object.assign(socket, { connect: bound });
}
