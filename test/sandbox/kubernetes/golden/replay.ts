import type { KubeObject } from '../../../../sandbox/kubernetes/api/object.ts';
import { compare } from './compare.ts';
import { beforehand, bodyOf, pathOf, REACHED } from './meanwhile.ts';
import { type Exchange, isRecord, revisionIn, type Sighting, sightingsIn } from './recording.ts';
import { adopt, type ReplayWorld } from './replay-world.ts';
import { undone } from './undone.ts';

export interface Replayed {
  readonly exchange: Exchange;
  /** What differs; empty where it matches. */
  readonly differences: readonly string[];
  /** How many objects had to be put into the state in which the recording shows them, for this exchange. */
  readonly setUp: number;
}

/**
 * Sends the recorded requests one after another. Before each, what the recording shows of the world (the work of controllers,
 * kubelets and unrecorded requests) is made so; after each, the recorded outcome holds, so that every exchange is judged
 * by itself.
 */
export async function replay(world: ReplayWorld, exchanges: readonly Exchange[]): Promise<readonly Replayed[]> {
  const untold = unwrittenIn(exchanges);
  const results: Replayed[] = [];
  for (const exchange of exchanges) {
    const { request, response } = exchange;
    await world.reach(newestTimeIn(response.body));
    const shown = revisionIn(response.body);
    const changes = isWrite(exchange) && shown > 0 && !isList(response.body);
    const known = REACHED[exchange.id] ?? (changes ? shown - 1 : shown);
    let setUp = 0;
    if (request.method === 'GET') setUp += clear(world, exchange);
    while (untold[0] && revisionOf(untold[0]) <= known) {
      const sighting = untold.shift();
      if (sighting && world.become(sighting)) setUp += 1;
    }
    setUp += await beforehand(world, exchange, exchanges);
    setUp += catchUp(world, exchange, changes ? shown : known + 1);
    world.draw(sightingsIn(response.body)[0]?.object.metadata.name ?? null);
    const body = bodyOf(exchange);
    const answered = await world.send(request.method, pathOf(exchange), request.headers, body);
    results.push({ exchange, differences: compare(exchange, answered), setUp });
    if (changes) hold(world, exchange);
  }
  return results;
}

/** All states that came to be beside the recorded requests, in their order. */
function unwrittenIn(exchanges: readonly Exchange[]): Sighting[] {
  const first = new Map<string, { readonly sighting: Sighting; readonly written: boolean }>();
  for (const exchange of exchanges)
    for (const sighting of sightingsIn(exchange.response.body)) {
      const known = first.get(keyOf(sighting));
      // Who loses a selected label is told as deleted by a watch, and shown to be there by others.
      if (!known || (known.sighting.deleted && !sighting.deleted))
        first.set(keyOf(sighting), { sighting, written: isWrite(exchange) });
    }
  return [...first.values()]
    .filter(({ written }) => !written)
    .map(({ sighting }) => sighting)
    .toSorted((a, b) => revisionOf(a) - revisionOf(b));
}

function isList(body: unknown): boolean {
  return isRecord(body) && Array.isArray(body['items']);
}

function isWrite({ request, response }: Exchange): boolean {
  return request.method !== 'GET' && response.status < 300;
}

function newestTimeIn(body: unknown): number {
  const times = sightingsIn(body).map(({ object }) => Date.parse(object.metadata.creationTimestamp));
  return Math.max(0, ...times);
}

function keyOf({ object }: Sighting): string {
  return `${object.metadata.uid} ${object.metadata.resourceVersion}`;
}

function revisionOf({ object }: Sighting): number {
  return Number(object.metadata.resourceVersion);
}

/** What controllers took away before a list that shows it no more. */
const CONTROLLED: ReadonlySet<string> = new Set([
  'pods',
  'replicasets',
  'events',
  'volumeattachments',
  'persistentvolumeclaims',
  'persistentvolumes',
]);

function clear({ server: { api }, typeOf, vanish }: ReplayWorld, { request, response }: Exchange): number {
  const { body } = response;
  if (!isRecord(body) || !Array.isArray(body['items'])) return 0;
  const kind = String(body['kind']).replace(/List$/, '');
  const type = typeOf({ kind, apiVersion: String(body['apiVersion']) });
  const { searchParams, pathname } = new URL(request.path, 'http://server');
  const isWhole =
    !searchParams.has('limit') || !isRecord(body['metadata']) || body['metadata']['continue'] === undefined;
  if (!type || !CONTROLLED.has(type.plural) || !isWhole) return 0;
  const namespace = /\/namespaces\/([^/]+)\//.exec(pathname)?.[1] ?? null;
  const shown = new Set((body['items'] as KubeObject[]).map(({ metadata }) => metadata.uid));
  const selector = searchParams.get('labelSelector')?.split('=');
  const gone = api
    .list(type, namespace)
    .filter(
      ({ metadata }) => !shown.has(metadata.uid) && (!selector || metadata.labels?.[selector[0] ?? ''] === selector[1]),
    )
    .filter(() => !searchParams.has('fieldSelector'));
  for (const { metadata } of gone) vanish(type, metadata.namespace ?? null, metadata.name);
  return gone.length;
}

/** The object is what the recording says it became, its uid too. */
function hold({ server: { api }, typeOf }: ReplayWorld, { response }: Exchange): void {
  const [sighting] = sightingsIn(response.body);
  const type = sighting && typeOf(sighting.object);
  if (!type) return;
  const { namespace = null, name } = sighting.object.metadata;
  const stored = api.get(type, namespace, name);
  if (stored) adopt(type, stored, null, sighting.object);
}

/**
 * What is about to be changed is there, and has of its controllers what the answer shows of them: its status, the notes of
 * rollouts. Then other writes pass by.
 */
function catchUp(world: ReplayWorld, exchange: Exchange, revision: number): number {
  const { request, response } = exchange;
  const [sighting] = sightingsIn(response.body);
  const type = sighting && world.typeOf(sighting.object);
  const changes = isWrite(exchange) && request.method !== 'POST' && response.status === 200;
  const { namespace = null, name = '' } = sighting?.object.metadata ?? {};
  const present = type && world.server.api.get(type, namespace, name);
  const wanted = sighting && changes ? undone(exchange, sighting.object, present ?? null) : null;
  const setUp = wanted && world.become({ object: wanted, deleted: false }) ? 1 : 0;
  world.passUntil(revision);
  return setUp;
}
