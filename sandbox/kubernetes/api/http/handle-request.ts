import type { IncomingMessage, ServerResponse } from 'node:http';
import { noSuchResource } from '../refusals.ts';
import { apiVersionOf } from '../resource-type.ts';
import { StatusError } from '../status-error.ts';
import { admit } from './access.ts';
import { answerCall } from './answer-call.ts';
import { type Answer, answerOf, methodNotAllowed, ok, send, type World } from './exchange.ts';
import { answerPath } from './fixed-paths.ts';
import type { User } from './hooks.ts';
import { decodeObject, readBody } from './read-body.ts';
import { attributesOf, parseRoute, type ResourceRoute } from './route.ts';

/** Answers one request; throws only what is a fault of the server itself. */
export async function handleRequest(world: World, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const answer = await answerOrRefuse(world, request);
  if ('stream' in answer) await answer.stream(response);
  else send(response, answer);
}

async function answerOrRefuse(world: World, request: IncomingMessage): Promise<Answer> {
  try {
    const body = await readBody(request);
    return await answer(world, request, body);
  } catch (error) {
    if (error instanceof StatusError) return answerOf(error);
    throw error;
  }
}

async function answer(world: World, request: IncomingMessage, body: Buffer): Promise<Answer> {
  const { method = 'GET', headers } = request;
  const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://server');
  const route = parseRoute(pathname);
  const user = admit(world, headers, attributesOf(route, method, query));
  if (route.kind === 'path') {
    const found = answerPath(world, pathname, headers.host ?? '');
    if (found !== null && method !== 'GET') throw methodNotAllowed();
    return found ?? NOWHERE;
  }
  const computed = compute(world, route, method, user, body, headers['content-type']);
  if (computed !== null) return computed;
  const type = world.api.types().find(({ group, version, plural }) => matches(route, group, version, plural));
  if (type === undefined) {
    if (isServed(world, route)) throw noSuchResource();
    return NOWHERE;
  }
  if (!type.namespaced && route.namespace !== null) throw noSuchResource();
  return answerCall({ world, type, route, user, method, query, headers, body });
}

/** Golden 033: a group that is not served is a page that is not found. */
const NOWHERE: Answer = { status: 404, body: '404 page not found\n' };

function matches(route: ResourceRoute, group: string, version: string, plural: string): boolean {
  return route.group === group && route.version === version && route.plural === plural;
}

function isServed({ api, hooks }: World, route: ResourceRoute): boolean {
  return [...api.types(), ...(hooks.answers ?? [])].some((known) => apiVersionOf(known) === apiVersionOf(route));
}

function compute(
  world: World,
  route: ResourceRoute,
  method: string,
  user: User,
  body: Buffer,
  contentType: string | undefined,
): Answer | null {
  const plural = route.subresource === null ? route.plural : `${route.plural}/${route.subresource}`;
  const known = world.hooks.answers?.find(
    ({ group, version, plural: own }) => own === plural && matches(route, group, version, own.split('/')[0] ?? ''),
  );
  if (known === undefined) return null;
  if (method !== 'POST') throw methodNotAllowed();
  const { namespace, name } = route;
  const given = known.body ?? known;
  const decoded = decodeObject(given, body, contentType);
  return ok(known.create({ api: world.api, user, namespace, name, body: decoded, now: world.clock.now() }), 201);
}
