import { type ClientRequest, Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import type { Clock } from '../model/clock.ts';
import type { Credentials, TlsMaterial } from './credentials.ts';

export interface Outgoing {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** A few connections of its own to the API server, kept alive; whoever comes when all are busy waits. */
export interface Lane {
  /**
   * Sends, and resolves with the head of the answer. Its body must be read or destroyed: until then it holds its
   * connection. Rejects with what Node says, or the signal's reason.
   */
  send(outgoing: Outgoing, credentials: Credentials, signal: AbortSignal): Promise<IncomingMessage>;
  close(): void;
}

/** Shorter than the idle limits of API servers and load balancers, which cut without a word. */
const IDLE_FOR_MS = 30_000;
const PROBE_AFTER_MS = 15_000;
/** The server counts a connection that we have cut until it has seen its end: so long no other takes its place. */
const PARTING_MS = 25;

/**
 * KubeConfig itself makes an agent per request (facts.md, Kubernetes client 1). Here there is one, and never more than
 * `connections` sockets, also while another takes its place because the CA or the client's certificate has changed.
 */
export function createLane(options: {
  readonly server: URL;
  readonly proxy: string | undefined;
  readonly connections: number;
  readonly clock: Clock;
}): Lane {
  const { server, proxy, connections, clock } = options;
  const closing = new AbortController();
  const secure = server.protocol === 'https:';
  const base = server.pathname.replace(/\/$/, '');
  const waiting = new Set<() => void>();
  let free = connections;
  let current: { readonly tls: TlsMaterial; readonly agent: Promise<HttpAgent> } | null = null;

  function agentFor(tls: TlsMaterial): Promise<HttpAgent> {
    if (current?.tls !== tls) current = { tls, agent: succeed(current?.agent ?? null, tls) };
    return current.agent;
  }

  async function succeed(former: Promise<HttpAgent> | null, tls: TlsMaterial): Promise<HttpAgent> {
    if (former) {
      retire(await former);
      await clock.sleep(PARTING_MS, closing.signal);
    }
    return createAgent(tls);
  }

  function createAgent(tls: TlsMaterial): HttpAgent {
    const shared = {
      keepAlive: true,
      maxSockets: connections,
      timeout: IDLE_FOR_MS,
      ...(proxy !== undefined && { proxyEnv: { http_proxy: proxy, https_proxy: proxy } }),
    };
    return secure ? new HttpsAgent({ ...shared, ...defined(tls) }) : new HttpAgent(shared);
  }

  async function take(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (free > 0) {
      free -= 1;
      return;
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const giveUp = (): void => {
      waiting.delete(resolve);
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', giveUp, { once: true });
    waiting.add(resolve);
    await promise.finally(() => signal.removeEventListener('abort', giveUp));
  }

  function giveBack(): void {
    const [next] = waiting;
    if (!next) {
      free += 1;
      return;
    }
    waiting.delete(next);
    next();
  }

  async function takeLeave(): Promise<void> {
    await clock.sleep(PARTING_MS, closing.signal);
    giveBack();
  }

  function start(
    agent: HttpAgent,
    { method, path, headers, body }: Outgoing,
    secrets: Credentials,
    signal: AbortSignal,
  ): ClientRequest {
    const length = body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) };
    const request = (secure ? requestHttps : requestHttp)({
      agent,
      host: server.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: server.port === '' ? (secure ? 443 : 80) : server.port,
      method,
      path: `${base}${path}`,
      headers: { ...headers, ...secrets.headers, ...length },
      signal,
    });
    request.once('close', () => {
      if (request.socket?.destroyed !== false || isRetired(agent)) void takeLeave();
      else giveBack();
    });
    request.once('socket', (socket) => socket.setKeepAlive(true, PROBE_AFTER_MS));
    request.end(body);
    return request;
  }

  async function sendOnce(
    outgoing: Outgoing,
    secrets: Credentials,
    signal: AbortSignal,
  ): Promise<IncomingMessage | 'stale'> {
    let request: ClientRequest;
    try {
      request = start(await agentFor(secrets.tls), outgoing, secrets, signal);
    } catch (error) {
      // Node finds fault with a certificate, or a header.
      giveBack();
      throw error;
    }
    return new Promise((resolve, reject) => {
      request.once('response', resolve);
      // Also after the answer has begun: an error without a listener ends the process.
      request.on('error', (error: NodeJS.ErrnoException) => {
        const { code = '' } = error;
        // The server closed an idle connection as we wrote: nothing was answered, and reading twice does no harm.
        if (request.reusedSocket && outgoing.method === 'GET' && STALE.has(code) && !signal.aborted) resolve('stale');
        else reject(signal.aborted ? (signal.reason as Error) : error);
      });
    });
  }

  return {
    async send(outgoing, credentials, signal) {
      for (;;) {
        await take(signal);
        const answer = await sendOnce(outgoing, credentials, signal);
        // Each time one dead connection less, so this ends.
        if (answer !== 'stale') return answer;
      }
    },
    close() {
      closing.abort();
      void current?.agent.then((agent) => agent.destroy());
    },
  };
}

const STALE: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE']);

/** What it is doing it may finish; nothing is kept of it. */
function retire(agent: HttpAgent): void {
  agent.maxFreeSockets = 0;
  for (const socket of Object.values(agent.freeSockets).flatMap((sockets) => sockets ?? [])) socket.destroy();
}

function isRetired(agent: HttpAgent): boolean {
  return agent.maxFreeSockets === 0;
}

function defined<T extends object>(given: T): Partial<T> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<T>;
}
