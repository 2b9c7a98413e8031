import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../src/model/clock.ts';
import { systemClock } from '../../src/time/system-clock.ts';
import { createBuiltInRoles } from './api/access/built-in-roles.ts';
import { createKubeApi, type KubeApiCore } from './api/create-kube-api.ts';
import { serveDefinitions } from './api/custom/serve-definitions.ts';
import { emptyNamespaces } from './api/empty-namespaces.ts';
import { createHistory } from './api/history.ts';
import type { ReadLogs, World } from './api/http/exchange.ts';
import { handleRequest } from './api/http/handle-request.ts';
import type { Hooks } from './api/http/hooks.ts';
import { startServer, type Tls } from './api/http/server.ts';
import { applyPatch } from './api/patch/apply-patch.ts';
import { checkFields } from './api/patch/check-fields.ts';
import { trackFields } from './api/patch/track-fields.ts';
import type { ResourceType } from './api/resource-type.ts';
import { createFaults, type Faults } from './faults.ts';
import { printKubeconfig } from './kubeconfig.ts';
import { RESOURCE_TYPES } from './resources/catalogue.ts';
import { strike } from './strike.ts';

export interface SandboxKubernetesOptions extends Hooks {
  readonly clock?: Clock;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** Without it, plain HTTP. */
  readonly tls?: Tls;
  readonly types?: readonly ResourceType[];
  readonly logs?: ReadLogs;
  /** There from the start. */
  readonly namespaces?: readonly string[];
  /** How many changes are remembered. */
  readonly historyLimit?: number;
  readonly bookmarkIntervalMs?: number;
  /** Of a user's name; `<name>-token` by default. */
  readonly tokenOf?: (user: string) => string;
  /** Told of errors in the sandbox itself; thrown at the process by default. */
  readonly onError?: (error: unknown) => void;
}

export interface RequestRecord {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** Null until it is answered, or where it never was. */
  readonly status: number | null;
  /** Somebody still waits for its answer, or for the rest of it. */
  readonly open: boolean;
}

export interface SandboxKubernetes {
  readonly url: string;
  readonly api: KubeApiCore;
  readonly faults: Faults;
  /** Every request that came, oldest first. */
  readonly requests: readonly RequestRecord[];
  /** Open TCP connections to it. */
  connections(): number;
  /** YAML; the namespace is that of its context. */
  kubeconfig(user?: string, namespace?: string): string;
  close(): Promise<void>;
}

/** Starts the API server on 127.0.0.1, around an empty cluster. */
export async function createSandboxKubernetes(options: SandboxKubernetesOptions = {}): Promise<SandboxKubernetes> {
  const { clock = systemClock, types = RESOURCE_TYPES, tls, namespaces = USUAL_NAMESPACES } = options;
  const { tokenOf = (user) => `${user}-token`, onError = throwAtProcess } = options;
  const api = createKubeApi({ types, now: () => clock.now() });
  const history = createHistory(api, options.historyLimit ?? 10_000);
  const requests: RequestRecord[] = [];
  const closing = new AbortController();
  let watching = new AbortController();
  const world: World = {
    api,
    history,
    clock,
    hooks: { applyPatch, checkFields, trackFields, ...options },
    logs: options.logs,
    bookmarkIntervalMs: options.bookmarkIntervalMs ?? 60_000,
    watchesEnd: () => watching.signal,
  };
  const faults = createFaults({
    compact: () => history.compact(),
    dropWatches() {
      watching.abort();
      watching = new AbortController();
    },
    closeSockets: () => server.cut(),
  });
  const server = await startServer({ port: options.port ?? 0, tls }, (request, response) => {
    requests.push(recordOf(request, response));
    const handle = (out: typeof response) => handleRequest(world, request, out);
    strike({ faults, clock, closing: closing.signal }, request, response, handle).catch((error: unknown) => {
      request.socket.destroy();
      if (!request.destroyed || !isAborted(error)) onError(error);
    });
  });
  const url = `${tls ? 'https' : 'http'}://127.0.0.1:${server.port}`;
  const namespaceType = api.find('', 'namespaces');
  if (namespaceType) for (const name of namespaces) api.create(namespaceType, { metadata: { name } });
  createBuiltInRoles(api);
  serveDefinitions(api, () => clock.now());
  emptyNamespaces(api, () => clock.now());

  return {
    url,
    api,
    faults,
    requests,
    connections: server.connections,
    kubeconfig: (user = 'admin', namespace = 'default') =>
      printKubeconfig({ url, user, token: tokenOf(user), authority: tls?.cert ?? null, namespace }),
    async close() {
      closing.abort();
      watching.abort();
      faults.clear();
      await server.close();
    },
  };
}

const USUAL_NAMESPACES = ['default', 'kube-system'];

/** Knows the status as soon as the head of the answer is out, of a watch too. */
function recordOf(request: IncomingMessage, response: ServerResponse): RequestRecord {
  let open: ServerResponse | null = response;
  let last: number | null = null;
  response.once('close', () => {
    last = response.headersSent ? response.statusCode : null;
    open = null;
  });
  return {
    method: request.method ?? 'GET',
    path: request.url ?? '/',
    get status() {
      return open?.headersSent ? open.statusCode : last;
    },
    get open() {
      return open !== null;
    },
  };
}

/** The client went away while it sent. */
function isAborted(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    ['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE'].includes(String(error.code))
  );
}

function throwAtProcess(error: unknown): never {
  throw error;
}
