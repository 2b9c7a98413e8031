import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { Clock } from '../../../../src/model/clock.ts';
import type { KubeApiCore } from '../create-kube-api.ts';
import type { History } from '../history.ts';
import type { ResourceType } from '../resource-type.ts';
import { StatusError } from '../status-error.ts';
import type { Hooks, User } from './hooks.ts';
import type { ResourceRoute } from './route.ts';

/** What every request is answered from. */
export interface World {
  readonly api: KubeApiCore;
  readonly history: History;
  readonly clock: Clock;
  readonly hooks: Hooks;
  /** Of a container's output; null where there is none. Given by the kubelets. */
  readonly logs?: ReadLogs | undefined;
  readonly bookmarkIntervalMs: number;
  /** Aborted when all watches shall end. */
  readonly watchesEnd: () => AbortSignal;
}

export type ReadLogs = (
  namespace: string,
  pod: string,
  options: { readonly container: string | null; readonly previous: boolean; readonly tailLines: number | null },
) => string | null;

/** One request for a resource that is served. */
export interface Call {
  readonly world: World;
  readonly type: ResourceType;
  readonly route: ResourceRoute;
  readonly user: User;
  readonly method: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export type Answer =
  | {
      readonly status: number;
      /** Text goes out as plain text, all else as JSON. */
      readonly body: object | string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly stream: (response: ServerResponse) => Promise<void> };

export function ok(body: object, status = 200): Answer {
  return { status, body };
}

/** What a refusal looks like (golden 009, 163, 301). */
export function answerOf({ code, reason, message, details, metadata }: StatusError): Answer {
  const wait = details?.['retryAfterSeconds'];
  return {
    status: code,
    body: {
      kind: 'Status',
      apiVersion: 'v1',
      metadata,
      status: 'Failure',
      message,
      ...(reason !== '' && { reason }),
      ...(details && { details }),
      code,
    },
    ...(typeof wait === 'number' && { headers: { 'retry-after': String(wait) } }),
  };
}

export function methodNotAllowed(): StatusError {
  return new StatusError(
    405,
    'MethodNotAllowed',
    'the server does not allow this method on the requested resource',
    {},
  );
}

export function send(response: ServerResponse, answer: Exclude<Answer, { stream: unknown }>): void {
  if (response.destroyed) return;
  const isText = typeof answer.body === 'string';
  response.writeHead(answer.status, {
    'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json',
    'cache-control': 'no-cache, private',
    ...answer.headers,
  });
  response.end(isText ? answer.body : JSON.stringify(answer.body));
}
