import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import {
  type AddressInfo,
  createServer as createTcpServer,
  type LookupFunction,
  type Server,
  type Socket,
} from 'node:net';
import type { TestCertificate } from '../support/certificate.ts';

/** A real server of one test. */
export interface TestServer extends AsyncDisposable {
  /** Without a path. */
  readonly origin: string;
  readonly port: number;
  /** Open now. */
  readonly sockets: ReadonlySet<Socket>;
  /** All that came in so far, before any decryption. */
  readonly received: () => string;
}

/** What comes after the status line and the headers is the handler's to decide. */
export function serveHttp(handler: RequestListener, host = '127.0.0.1'): Promise<TestServer> {
  return listen(createHttpServer(handler), 'http', host);
}

export function serveHttps(certificate: TestCertificate, handler: RequestListener): Promise<TestServer> {
  return listen(createHttpsServer(certificate, handler), 'https', '127.0.0.1');
}

/** Speaks no protocol but the handler's. */
export function serveTcp(handler: (socket: Socket) => void): Promise<TestServer> {
  return listen(createTcpServer(handler), 'http', '127.0.0.1');
}

/** A port on which nothing listens. */
export async function findDeadPort(): Promise<number> {
  const server = await serveTcp(() => {});
  await server[Symbol.asyncDispose]();
  return server.port;
}

/** A resolver that knows one answer; undefined: that there is no such name. */
export function resolveTo(addresses: readonly string[] | undefined): LookupFunction {
  return (hostname, options, callback) => {
    if (addresses === undefined) {
      callback(Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), { code: 'ENOTFOUND' }), '');
    } else if (options.all) {
      callback(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
    } else callback(null, addresses[0] ?? '', 4);
  };
}

async function listen(server: Server, scheme: string, host: string): Promise<TestServer> {
  const sockets = new Set<Socket>();
  let received = '';
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {}); // The probe hangs up as it likes.
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
    });
  });
  server.listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    origin: `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    sockets,
    received: () => received,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
