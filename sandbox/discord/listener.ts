import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** The one port of the server, which can go down and come back at the same place. */
export interface Listener {
  readonly port: number;
  listen(): Promise<void>;
  /** Stops listening and cuts every connection. */
  down(): Promise<void>;
  /** Cuts every connection and goes on listening. */
  cut(): void;
}

interface Handlers {
  readonly request: (req: IncomingMessage, res: ServerResponse) => void;
  readonly upgrade: (req: IncomingMessage, socket: Duplex, head: Buffer) => void;
}

/** On 127.0.0.1 only. `port` 0 takes a free one at the first `listen` and keeps it. */
export function createListener(port: number, { request, upgrade }: Handlers): Listener {
  const sockets = new Set<Socket>();
  let chosen = port;
  const server = createServer(request);
  server.on('upgrade', upgrade);
  server.on('connection', (socket) => {
    sockets.add(socket);
    // An upgraded socket has no other listener, and an error without one ends the process.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  });
  const cut = (): void => sockets.forEach((socket) => socket.destroy());

  return {
    get port() {
      return chosen;
    },
    listen: () =>
      new Promise((resolve, reject) => {
        if (server.listening) return resolve();
        server.once('error', reject);
        server.listen(chosen, '127.0.0.1', () => {
          server.off('error', reject);
          chosen = (server.address() as AddressInfo).port;
          resolve();
        });
        return undefined;
      }),
    down: () =>
      new Promise((resolve, reject) => {
        if (!server.listening) return resolve();
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        cut();
        return undefined;
      }),
    cut,
  };
}
