import type { BodyKind } from '../validate/body-kind.ts';
import type { Upload } from '../world/message-parts.ts';
import type { World } from '../world/world.ts';

/** One operation of the API. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** As in the OpenAPI document, with its parameter names. */
  readonly path: string;
  /** What its body is, for the validation; none by default. */
  readonly body?: BodyKind;
  /** `none` where the token in the path is the authorisation. */
  readonly auth?: 'bot' | 'none';
  handle(call: Call): Answer | Promise<Answer>;
}

export interface Call {
  readonly world: World;
  readonly query: URLSearchParams;
  /** Validated; typed by the handler according to the route's body kind. */
  readonly body: unknown;
  readonly uploads: readonly Upload[];
  /** When the whole body had arrived, epoch milliseconds. */
  readonly arrivedAt: number;
  readonly gatewayUrl: string;
  /** A parameter of the path. */
  param(name: string): string;
}

/** `body` undefined is an answer without content, and without a content type (facts.md, Discord 10). */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

export const noContent: Answer = { status: 204 };

export function ok(body: unknown): Answer {
  return { status: 200, body };
}

export interface Matched {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/** Finds the operation for a path without its version; says whether only the method was wrong. */
export function createRouter(
  routes: readonly Route[],
): (method: string, path: string) => Matched | 'no such path' | 'wrong method' {
  const compiled = routes.map((route) => ({
    route,
    pattern: new RegExp(`^${route.path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`),
    literals: route.path.split('/').filter((part) => !part.startsWith('{')).length,
  }));
  // The more literal path first, so that `@original` is not taken for a message id.
  compiled.sort((a, b) => b.literals - a.literals);
  return (method, path) => {
    const fitting = compiled.filter(({ pattern }) => pattern.test(path));
    const found = fitting.find(({ route }) => route.method === method);
    if (found === undefined) return fitting.length === 0 ? 'no such path' : 'wrong method';
    return { route: found.route, params: { ...found.pattern.exec(path)?.groups } };
  };
}
