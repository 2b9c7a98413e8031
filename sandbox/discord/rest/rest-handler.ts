import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Faults, RestFault } from '../faults.ts';
import type { Feed } from '../feed.ts';
import type { Violation } from '../validate/finding.ts';
import type { Validate } from '../validate/validator.ts';
import type { World } from '../world/world.ts';
import { ApiError, apiError, invalidForm } from './api-error.ts';
import type { RateLimits } from './rate-limits.ts';
import { parseBody, readBytes } from './read-body.ts';
import { type RequestRecord, recordRequest } from './request-record.ts';
import { type Answer, createRouter, type Matched } from './route.ts';
import { routes } from './routes.ts';

export interface RestParts {
  readonly world: World;
  readonly token: string;
  readonly gatewayUrl: () => string;
  readonly faults: Faults;
  readonly limits: RateLimits;
  readonly validate: Validate;
  readonly requests: Feed<RequestRecord>;
  readonly violations: Violation[];
  /** Told of an error that is the sandbox's own. */
  readonly onError: (error: unknown) => void;
}

type Respond = (status: number, body?: unknown, headers?: Readonly<Record<string, string>>) => void;

/** Serves the REST API: arrival, record, faults, authorisation, limits, validation, act, in this order. */
export function createRestHandler(parts: RestParts): (req: IncomingMessage, res: ServerResponse) => Promise<void> {
  const match = createRouter(routes);

  return async (req, res) => {
    if (parts.faults.has('black-hole')) return;
    const url = new URL(req.url ?? '/', 'http://sandbox');
    const path = url.pathname.replace(/^\/api(\/v\d+)?/, '').replaceAll(/%40/gi, '@');
    const method = req.method ?? 'GET';
    const matched = match(method, path);
    const authorised = req.headers.authorization === `Bot ${parts.token}`;
    const bytes = await readBytes(req).catch(() => null);
    // The client went away before its body was here: nothing reached the API.
    if (bytes === null) return;
    const at = parts.world.clock.now();
    let limitHeaders: Readonly<Record<string, string>> = {};
    let record: RequestRecord | null = null;
    const respond: Respond = (status, body, headers = {}) => {
      if (record) record.status = status;
      send(res, status, body, { ...limitHeaders, ...headers });
    };
    try {
      const body = await parseBody(bytes, req.headers['content-type'] ?? '');
      const route = typeof matched === 'string' ? null : matched.route.path;
      record = recordRequest({ at, method, path: path + url.search, route, authorised }, body);
      parts.requests.push(record);
      if (typeof matched === 'string') throw apiError(matched === 'no such path' ? 'notFound' : 'methodNotAllowed');

      const auth = matched.route.auth ?? 'bot';
      const faults = parts.faults.strike({ method, path: matched.route.path, auth });
      if (await strikeBefore(parts, faults, res, respond)) return;
      if (auth === 'bot' && !authorised) throw apiError('unauthorized');
      const taken = parts.limits.take(`${method} ${matched.route.path}`, majorParameter(matched));
      limitHeaders = taken.headers;
      if (taken.retryAfterS !== null) return tooMany(respond, taken.retryAfterS, taken.global, 'json', true);

      const answer = await act(parts, matched, { body, url, at, reason: req.headers['x-audit-log-reason'] });
      if (await strikeAfter(faults, res, respond)) return;
      respond(answer.status, answer.body);
    } catch (error) {
      if (error instanceof ApiError) return respond(error.status, error.body);
      parts.onError(error);
      const broken = apiError('internal');
      respond(broken.status, broken.body);
    }
  };
}

interface Arrived {
  readonly body: Awaited<ReturnType<typeof parseBody>>;
  readonly url: URL;
  readonly at: number;
  readonly reason: string | string[] | undefined;
}

async function act(parts: RestParts, { route, params }: Matched, { body, url, at, reason }: Arrived): Promise<Answer> {
  const operation = `${route.method} ${route.path}`;
  const checked = await parts.validate({
    kind: route.body ?? null,
    method: route.method,
    path: route.path,
    json: body.json,
    uploads: body.uploads,
    reason: typeof reason === 'string' ? reason : null,
  });
  if (checked.findings.length > 0) {
    parts.violations.push(...checked.findings.map((finding) => ({ ...finding, at, request: operation })));
    throw invalidForm(checked.findings);
  }
  return route.handle({
    world: parts.world,
    query: url.searchParams,
    body: checked.body,
    uploads: body.uploads,
    arrivedAt: at,
    gatewayUrl: parts.gatewayUrl(),
    param(name) {
      const value = params[name];
      if (value === undefined) throw new Error(`${operation} has no parameter ${name}`);
      return decodeURIComponent(value);
    },
  });
}

/** True when the fault has answered, or will never. */
async function strikeBefore(
  { world, faults: all }: RestParts,
  faults: readonly RestFault[],
  res: ServerResponse,
  respond: Respond,
): Promise<boolean> {
  for (const fault of faults) {
    if (fault.kind === 'slow') await world.clock.sleep(fault.ms);
    else if (fault.kind === 'fail-before') respond(fault.status ?? 502, '<html>bad gateway</html>');
    else if (fault.kind === 'rate-limit') tooMany(respond, fault.retryAfterS, fault.global ?? false, fault.body);
    else if (fault.kind === 'unauthorized') respond(401, apiError('unauthorized').body);
    else if (fault.kind === 'drop' && fault.when === 'before') res.destroy();
    else if (fault.kind === 'hang') void all.cleared(fault).then(() => res.destroy());
    else continue;
    if (fault.kind !== 'slow') return true;
  }
  return false;
}

async function strikeAfter(faults: readonly RestFault[], res: ServerResponse, respond: Respond): Promise<boolean> {
  const fault = faults.find(({ kind }) => kind === 'fail-after' || kind === 'drop');
  if (fault === undefined) return false;
  if (fault.kind === 'fail-after') respond(fault.status ?? 502, '<html>bad gateway</html>');
  else res.destroy();
  return true;
}

function tooMany(
  respond: Respond,
  retryAfterS: number,
  global: boolean,
  body: 'json' | 'html' = 'json',
  wholeSeconds = false,
): void {
  const json = { message: 'You are being rate limited.', retry_after: retryAfterS, global };
  respond(429, body === 'html' ? '<html>too many requests</html>' : json, {
    // Discord's header has whole seconds, its JSON the fraction; a fault sends what it was given.
    'Retry-After': String(wholeSeconds ? Math.ceil(retryAfterS) : retryAfterS),
    ...(body === 'json' && { 'X-RateLimit-Scope': global ? 'global' : 'user' }),
    ...(global && { 'X-RateLimit-Global': 'true' }),
  });
}

function majorParameter({ params }: Matched): string {
  return params['channel_id'] ?? params['guild_id'] ?? params['webhook_token'] ?? params['webhook_id'] ?? '';
}

function send(res: ServerResponse, status: number, body: unknown, headers: Readonly<Record<string, string>>): void {
  if (res.destroyed || res.headersSent) return;
  if (body === undefined) return void res.writeHead(status, headers).end();
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const type = typeof body === 'string' ? 'text/html' : 'application/json';
  res.writeHead(status, { ...headers, 'Content-Type': type, 'Content-Length': Buffer.byteLength(text) }).end(text);
}
