import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../model/clock.ts';
import type { Log } from '../model/log.ts';
import type { Redactor } from '../model/redact.ts';
import { type Answer, say } from './answer.ts';
import { drainBody } from './read-body.ts';

export interface Route {
  readonly method: 'GET' | 'POST';
  answer(request: IncomingMessage): Answer | Promise<Answer>;
}

/** Answers every request by its path. The one catch of this edge is here: a fault becomes 500, a reference and a log line. */
export function createHandler(options: {
  readonly routes: Readonly<Record<string, Route>>;
  readonly clock: Clock;
  readonly log: Log;
  /** A short id that ties what the caller sees to a log line. */
  readonly newReference: () => string;
  readonly redactor?: Redactor | undefined;
}): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const { routes, clock, log, newReference, redactor } = options;

  return async (request, response) => {
    const answer = await decide(request);
    await drainBody(request, clock);
    send(response, redactor ? { ...answer, body: redactor.text(answer.body) } : answer);
  };

  async function decide(request: IncomingMessage): Promise<Answer> {
    const [path = ''] = (request.url ?? '').split('?');
    try {
      const route = routes[path];
      if (route === undefined) return say(404, `nothing here: there is ${Object.keys(routes).join(', ')}`);
      if (!methodsOf(route).includes(request.method ?? '')) {
        return say(405, `${path} takes ${route.method}`, { allow: methodsOf(route).join(', ') });
      }
      return await route.answer(request);
    } catch (err) {
      const reference = newReference();
      log.error({ err, path, reference }, 'an HTTP request could not be answered');
      return say(500, `that failed inside Breakwater; its log has the details under ${reference}`);
    }
  }
}

function methodsOf({ method }: Route): readonly string[] {
  return method === 'GET' ? ['GET', 'HEAD'] : [method];
}

function send(response: ServerResponse, { status, type, body, headers }: Answer): void {
  if (response.destroyed) return;
  response.writeHead(status, {
    ...headers,
    'content-type': type ?? 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    // Scrapes and probes are seconds apart, and a connection that idles is one that a stop must cut.
    connection: 'close',
  });
  response.end(body);
}
