import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../src/model/clock.ts';
import { type Answer, answerOf, send } from './api/http/exchange.ts';
import { StatusError } from './api/status-error.ts';
import type { Fault, FaultsInside } from './faults.ts';

/** Answers a request with whatever faults strike it; `handle` is the server's own answer. */
export async function strike(
  { faults, clock, closing }: { readonly faults: FaultsInside; readonly clock: Clock; readonly closing: AbortSignal },
  request: IncomingMessage,
  response: ServerResponse,
  handle: (response: ServerResponse) => Promise<void>,
): Promise<void> {
  const struck = faults.strike(request.method ?? 'GET', request.url ?? '/');
  for (const fault of struck) {
    if (fault.kind === 'slow') await clock.sleep(fault.ms, closing);
    if (fault.kind === 'hang') await faults.ended(fault);
  }
  // Whom nobody waits for any more does nothing: else a hung write would come true when the server ends.
  if (response.destroyed || closing.aborted) return;
  const lost = struck.find((fault) => fault.kind === 'drop' || fault.kind === 'refuse');
  if (lost === undefined) return handle(response);
  if (lost.when === 'after') await handle(asUnheard(response));
  if (lost.kind === 'drop') request.socket.destroy();
  else send(response, refusalOf(lost.code, request.method ?? 'GET'));
}

/** Takes the answer and keeps it to itself. */
function asUnheard(response: ServerResponse): ServerResponse {
  return Object.create(response, {
    writeHead: { value: () => response },
    end: { value: () => response },
    write: { value: () => true },
    flushHeaders: { value: () => undefined },
  }) as ServerResponse;
}

/** As recorded: flow control says it in plain text, a read's timeout forgets its kind (golden 279, 312–314). */
function refusalOf(
  code: Extract<Fault, { kind: 'refuse' }>['code'],
  method: string,
): Exclude<Answer, { stream: unknown }> {
  if (code === 429)
    return { status: 429, body: 'Too many requests, please try again later.\n', headers: { 'retry-after': '1' } };
  if (code === 504 && method === 'GET') return { status: 504, body: JSON.stringify(TIMEOUT) };
  const error =
    code === 409
      ? new StatusError(
          409,
          'Conflict',
          'Operation cannot be fulfilled: please apply your changes to the latest version',
        )
      : code === 504
        ? new StatusError(504, 'Timeout', WRITE_TIMEOUT, {})
        : new StatusError(500, 'InternalError', 'Internal error occurred: etcdserver: leader changed', {
            causes: [{ message: 'etcdserver: leader changed' }],
          });
  const answer = answerOf(error);
  if ('stream' in answer) throw new Error('a refusal is no stream');
  return answer;
}

const WRITE_TIMEOUT = 'Timeout: request did not complete within requested timeout - context deadline exceeded';

const TIMEOUT = {
  metadata: {},
  status: 'Failure',
  message: 'Timeout: request did not complete within the allotted timeout',
  reason: 'Timeout',
  details: {},
  code: 504,
};
