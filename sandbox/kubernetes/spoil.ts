import type { IncomingMessage } from 'node:http';
import { forbidden } from './api/http/access.ts';
import { type Answer, answerOf } from './api/http/exchange.ts';
import { EVERYBODY } from './api/http/hooks.ts';
import { attributesOf, parseRoute } from './api/http/route.ts';
import { noSuchResource, notFound } from './api/refusals.ts';
import { StatusError } from './api/status-error.ts';
import type { Fault, RefusalCode } from './faults.ts';

type Lost = Extract<Fault, { kind: 'drop' | 'refuse' | 'busy' | 'garbage' }>;

/** Faults in whose place nothing of the server's own answer is heard. */
export function isLost(fault: Fault): fault is Lost {
  return fault.kind !== 'slow' && fault.kind !== 'hang';
}

/** What is answered instead. As recorded: flow control says it in plain text, a read's timeout forgets its kind (golden 279, 312–314). */
export function spoil(
  fault: Exclude<Lost, { kind: 'drop' }>,
  request: Pick<IncomingMessage, 'method' | 'url'>,
): Exclude<Answer, { stream: unknown }> {
  if (fault.kind === 'garbage')
    return { status: 200, body: '<html><h1>Bad gateway</h1></html>', headers: { 'content-type': 'text/html' } };
  if (fault.kind === 'busy') return busy(fault.retryAfterSeconds);
  if (fault.code === 429) return busy(1);
  if (fault.code === 504 && (request.method ?? 'GET') === 'GET') return { status: 504, body: JSON.stringify(TIMEOUT) };
  const answer = answerOf(refusalOf(fault.code, request));
  if ('stream' in answer) throw new Error('a refusal is no stream');
  return answer;
}

function busy(retryAfterSeconds: number | null): Exclude<Answer, { stream: unknown }> {
  const headers = retryAfterSeconds === null ? {} : { 'retry-after': String(retryAfterSeconds) };
  return { status: 429, body: 'Too many requests, please try again later.\n', headers };
}

function refusalOf(
  code: Exclude<RefusalCode, 429>,
  { method = 'GET', url = '/' }: Pick<IncomingMessage, 'method' | 'url'>,
): StatusError {
  const { pathname, searchParams } = new URL(url, 'http://server');
  const route = parseRoute(pathname);
  switch (code) {
    case 403:
      return forbidden(EVERYBODY, attributesOf(route, method, searchParams));
    case 404:
      return route.kind === 'resource' && route.name !== null ? notFound(route, route.name) : noSuchResource();
    case 409:
      return new StatusError(
        409,
        'Conflict',
        'Operation cannot be fulfilled: please apply your changes to the latest version',
      );
    case 500:
      return new StatusError(500, 'InternalError', 'Internal error occurred: etcdserver: leader changed', {
        causes: [{ message: 'etcdserver: leader changed' }],
      });
    case 504:
      return new StatusError(504, 'Timeout', WRITE_TIMEOUT, {});
  }
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
