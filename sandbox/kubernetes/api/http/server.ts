import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

/** PEM. */
export interface Tls {
  readonly cert: string;
  readonly key: string;
}

export interface Server {
  readonly port: number;
  /** Open TCP connections. */
  readonly connections: () => number;
  /** Cuts every connection and goes on listening. */
  cut(): void;
  close(): Promise<void>;
}

/** On 127.0.0.1 only; `port` 0 takes a free one. */
export async function startServer(
  { port, tls }: { readonly port: number; readonly tls?: Tls | undefined },
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Server> {
  const sockets = new Set<Socket>();
  const listener: RequestListener = (request, response) => handle(request, response);
  const server = tls ? createTlsServer({ cert: tls.cert, key: tls.key }, listener) : createServer(listener);
  // As the real server: it is never the first to end a connection that a client is about to use again.
  server.keepAliveTimeout = 90_000;
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
  const cut = (): void => sockets.forEach((socket) => socket.destroy());
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => sockets.size,
    cut,
    close: () =>
      new Promise((resolve, reject) => {
        if (!server.listening) return resolve();
        server.close((error) => (error ? reject(error) : resolve()));
        cut();
        return undefined;
      }),
  };
}
