import type { IncomingMessage } from 'node:http';
import type { Clock } from '../model/clock.ts';
import { ApiError, hideCredentials, readApiError, timeoutError, transportError } from './api-error.ts';
import { createCredentials } from './credentials.ts';
import { createLane, type Lane } from './dispatcher.ts';
import type { Kubeconfig } from './load-kubeconfig.ts';
import { readLines } from './read-lines.ts';

export interface ApiRequest {
  /** GET unless given; anything else is a write, whose timeout leaves its outcome unknown. */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** As in `/api/v1/pods`; parts that are names go through encodeURIComponent. */
  readonly path: string;
  /** What is undefined is left out. */
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Of the body; application/json unless given. A patch says here which kind it is. */
  readonly contentType?: string;
  readonly accept?: string;
  /** For all of it, the wait for a free connection too; 10 s unless given. */
  readonly deadlineMs?: number;
}

export interface StreamRequest extends Pick<ApiRequest, 'path' | 'query'> {
  /** Each watch has its own connection. */
  readonly lane: 'pods' | 'nodes';
  /** It ends by itself before that, or is broken off, milliseconds. */
  readonly lastsMs: number;
  /** The server has taken it. */
  readonly onOpen: () => void;
  /** Called for each line, in order. What it throws ends the stream. */
  readonly onLine: (line: string) => void;
  readonly signal: AbortSignal;
}

/** The API server over at most four connections: two for requests, one for each watch. Everything rejects with ApiError. */
export interface KubernetesClient {
  /** Where it goes, for people. */
  readonly source: string;
  /** The answer's JSON, unchecked. */
  request(request: ApiRequest): Promise<unknown>;
  /** The answer as it came: logs of pods. */
  requestText(request: ApiRequest): Promise<string>;
  /** Resolves when the server ends it as it should. */
  stream(request: StreamRequest): Promise<void>;
  /** Breaks off what is under way, and leaves no connection. */
  close(): void;
}

export const DEADLINE_MS = 10_000;
const JSON_TYPE = 'application/json';
/** A page of 500 pods is some 5 MB; what is larger is no answer of an API server. */
const LARGEST_ANSWER = 128 * 1_024 * 1_024;

export function createClient({ kubeconfig, clock }: { kubeconfig: Kubeconfig; clock: Clock }): KubernetesClient {
  const server = new URL(kubeconfig.server.server);
  const credentials = createCredentials(kubeconfig, clock);
  const createLaneOf = (connections: number): Lane =>
    createLane({ server, proxy: kubeconfig.server.proxyUrl, connections, clock });
  const lanes = { requests: createLaneOf(2), pods: createLaneOf(1), nodes: createLaneOf(1) };
  const underWay = new Set<() => void>();
  let closed = false;

  /** One request; `read` takes the body of a success, and `prolong` gives it another deadline than the head's. */
  async function exchange<T>(
    lane: Lane,
    request: ApiRequest,
    read: (body: IncomingMessage, prolong: (ms: number) => void) => Promise<T>,
    outer?: AbortSignal,
  ): Promise<T> {
    const { method = 'GET', body, contentType = JSON_TYPE, accept = JSON_TYPE, deadlineMs = DEADLINE_MS } = request;
    const isWrite = method !== 'GET';
    const control = new AbortController();
    const { signal } = control;
    let timer = new AbortController();
    const limitTo = (ms: number): void => {
      timer.abort(OVER);
      const current = new AbortController();
      timer = current;
      void clock.sleep(ms, current.signal).then(() => {
        if (!current.signal.aborted) control.abort(timeoutError(ms, isWrite));
      });
    };
    let sent = false;
    const giveUp = (): void => control.abort(new ApiError('unavailable', CLOSING, { outcomeUnknown: isWrite && sent }));
    if (closed || outer?.aborted === true) throw new ApiError('unavailable', CLOSING);
    outer?.addEventListener('abort', giveUp, { once: true });
    underWay.add(giveUp);
    limitTo(deadlineMs);
    try {
      const secrets = await abortable(credentials.read().catch(explainCredentials), signal);
      const headers = {
        Accept: accept,
        'User-Agent': 'breakwater',
        ...(body !== undefined && { 'Content-Type': contentType }),
      };
      const outgoing = {
        method,
        path: writePath(request),
        headers,
        body: body === undefined ? undefined : JSON.stringify(body),
      };
      sent = true;
      const answer = await lane.send(outgoing, secrets, signal);
      const { statusCode: status = 0 } = answer;
      if (status >= 200 && status < 300) return await read(answer, limitTo);
      if (status === 401) credentials.forget();
      throw readApiError(
        { status, retryAfter: answer.headers['retry-after'], text: await readText(answer, isWrite) },
        isWrite,
      );
    } catch (error) {
      if (signal.aborted && signal.reason instanceof ApiError) throw signal.reason;
      throw error instanceof ApiError ? error : transportError(error, isWrite && sent);
    } finally {
      timer.abort(OVER);
      underWay.delete(giveUp);
      outer?.removeEventListener('abort', giveUp);
    }
  }

  return {
    source: kubeconfig.source,
    async request(request) {
      const isWrite = (request.method ?? 'GET') !== 'GET';
      const text = await exchange(lanes.requests, request, (answer) => readText(answer, isWrite));
      try {
        return JSON.parse(text) as unknown;
      } catch {
        throw new ApiError('failed', `The API server answered ${request.path} with something that is no JSON.`, {
          outcomeUnknown: isWrite,
        });
      }
    },
    requestText: (request) => exchange(lanes.requests, request, (answer) => readText(answer, false)),
    async stream({ lane, lastsMs, onOpen, onLine, signal, ...request }) {
      const read = async (body: IncomingMessage, prolong: (ms: number) => void): Promise<void> => {
        prolong(lastsMs);
        onOpen();
        // A loop that is left, by a fault of the reader too, destroys the body: half-read it would hold its connection.
        await readLines(body, onLine);
      };
      await exchange(lanes[lane], request, read, signal);
    },
    close() {
      closed = true;
      for (const giveUp of underWay) giveUp();
      for (const lane of Object.values(lanes)) lane.close();
    },
  };
}

/** A reason of its own: that of the platform is an exception with a stack, for each request. */
const OVER = 'over';
const CLOSING = 'The bot is ending, and asks the API server no more.';

function writePath({ path, query = {} }: ApiRequest): string {
  const given = Object.entries(query).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]]));
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given as [string, string][]).toString()}`;
}

async function readText(answer: IncomingMessage, isWrite: boolean): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > LARGEST_ANSWER)
      throw new ApiError('failed', 'The API server answered with more than 128 MiB.', { outcomeUnknown: isWrite });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/** A plugin may hang, and takes no signal. */
async function abortable<T>(act: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const giveUp = (): void => reject(signal.reason as Error);
  signal.addEventListener('abort', giveUp, { once: true });
  return Promise.race([act, promise]).finally(() => signal.removeEventListener('abort', giveUp));
}

function explainCredentials(error: unknown): never {
  // What a plugin wrote to its standard error is the only thing that says what is wrong.
  const said = hideCredentials(error instanceof Error ? error.message : String(error))
    .slice(0, 300)
    .trim();
  throw new ApiError('unauthorised', `The bot's credentials for the cluster cannot be got: ${said}`);
}
