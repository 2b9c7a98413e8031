import {
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { TestCertificate } from './certificate.ts';

/** An object as the API serves it, as far as a test says what it is. */
export interface GivenObject {
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly [field: string]: unknown };
  readonly [field: string]: unknown;
}

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Answers in the place of what the server would; answers whether it did. */
export type Interception = (request: SeenRequest, response: ServerResponse) => boolean;

/** A small API server on a real socket that answers from given objects: lists, single objects, watches. */
export interface FakeApiServer {
  readonly url: string;
  readonly requests: readonly SeenRequest[];
  /** By the path of the collection, as in `/api/v1/pods`. */
  set(collection: string, objects: readonly GivenObject[]): void;
  /** Tells the open watches of the collection. */
  tell(collection: string, type: string, object: object): void;
  /** Ends the open watches: as at their timeout, or by cutting the connection. */
  endWatches(how: 'end' | 'cut'): void;
  watching(collection: string): number;
  /** For what comes from now on; null: as usual again. */
  intercept(interception: Interception | null): void;
  readonly connections: { readonly open: number; readonly peak: number };
  version: number;
  close(): Promise<void>;
}

export async function startFakeApiServer(
  options: { readonly tls?: TestCertificate & { readonly clientCa?: string }; readonly pageSize?: number } = {},
): Promise<FakeApiServer> {
  const { tls, pageSize = Number.POSITIVE_INFINITY } = options;
  const collections = new Map<string, readonly GivenObject[]>();
  const watches = new Map<ServerResponse, string>();
  const requests: SeenRequest[] = [];
  const sockets = new Set<Socket>();
  let interception: Interception | null = null;
  let peak = 0;

  const listener: RequestListener = (incoming, response) => {
    let body = '';
    incoming.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
    });
    incoming.on('end', () => {
      const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://fake');
      const { method = 'GET', headers } = incoming;
      const request = { method, path: pathname, query: searchParams, headers, body };
      requests.push(request);
      if (interception?.(request, response) !== true) answer(request, response);
    });
  };

  function answer({ path, query }: SeenRequest, response: ServerResponse): void {
    const collection = collections.get(path);
    if (collection && query.get('watch') === 'true') {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.flushHeaders();
      watches.set(response, path);
      response.once('close', () => watches.delete(response));
    } else if (collection) {
      const size = Math.min(pageSize, Number(query.get('limit') ?? pageSize));
      const from = Number(query.get('continue') ?? 0);
      const rest = from + size < collection.length ? { continue: String(from + size) } : {};
      const metadata = { resourceVersion: String(server.version), ...rest };
      sendJson(response, 200, { kind: 'List', metadata, items: collection.slice(from, from + size) });
    } else {
      const name = path.slice(path.lastIndexOf('/') + 1);
      const object = collections
        .get(path.slice(0, path.lastIndexOf('/')))
        ?.find(({ metadata }) => metadata.name === name);
      if (object) sendJson(response, 200, object);
      else sendStatus(response, 404, 'NotFound', `"${name}" not found`, { name });
    }
  }

  const http = tls
    ? createHttpsServer(
        { cert: tls.cert, key: tls.key, ...(tls.clientCa && { ca: tls.clientCa, requestCert: true }) },
        listener,
      )
    : createHttpServer(listener);
  http.keepAliveTimeout = 60_000;
  http.on('connection', (socket: Socket) => {
    sockets.add(socket);
    peak = Math.max(peak, sockets.size);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;

  const server: FakeApiServer = {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    requests,
    version: 1_000,
    set: (collection, objects) => void collections.set(collection, objects),
    tell(collection, type, object) {
      for (const [response, path] of watches)
        if (path === collection) response.write(`${JSON.stringify({ type, object })}\n`);
    },
    endWatches(how) {
      for (const response of watches.keys()) {
        if (how === 'end') response.end();
        else response.destroy();
      }
    },
    watching: (collection) => [...watches.values()].filter((path) => path === collection).length,
    intercept(next) {
      interception = next;
    },
    connections: {
      get open() {
        return sockets.size;
      },
      get peak() {
        return peak;
      },
    },
    async close() {
      http.closeAllConnections();
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => http.close(resolve));
    },
  };
  return server;
}

export function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

export function sendStatus(
  response: ServerResponse,
  code: number,
  reason: string,
  message: string,
  details: object = {},
): void {
  sendJson(response, code, { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason, message, details, code });
}
