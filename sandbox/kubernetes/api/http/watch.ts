import type { ServerResponse } from 'node:http';
import { revisionOf } from '../history.ts';
import type { KubeEvent } from '../kube-api.ts';
import type { KubeObject } from '../object.ts';
import { invalid } from '../refusals.ts';
import { apiVersionOf } from '../resource-type.ts';
import { StatusError } from '../status-error.ts';
import { type Answer, answerOf, type Call } from './exchange.ts';
import { parseRevision, selectorOf } from './list.ts';
import type { Shape } from './negotiate.ts';
import { representObject } from './represent.ts';

/** Golden 167–178, 304, 305: lines of JSON until the time is up, the client goes or the server ends it. */
export function watch(call: Call, shape: Shape): Answer {
  const { world, type, query, route } = call;
  const selects = selectorOf(call);
  const asked = parseRevision(query.get('resourceVersion'));
  const initial = query.get('sendInitialEvents') === 'true';
  const bookmarks = query.get('allowWatchBookmarks') === 'true';
  if (initial && query.get('resourceVersionMatch') !== 'NotOlderThan') throw needsMatch();
  const inScope = ({ metadata }: KubeObject): boolean =>
    route.namespace === null || metadata.namespace === route.namespace;

  return {
    async stream(response) {
      response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache, private' });
      response.flushHeaders();
      const tell = (kind: string, object: object): void =>
        void response.write(`${JSON.stringify({ type: kind, object })}\n`);
      const tellObject = (kind: string, object: KubeObject): void =>
        tell(kind, representObject(type, object, shape, world.clock.now()));
      const tellEvent = (event: KubeEvent): void => {
        if (event.resource !== type || !inScope(event.object)) return;
        const kind = kindFor(event, selects);
        if (kind !== null) tellObject(kind, kind === 'DELETED' ? lastSeen(event) : event.object);
      };
      const bookmark = (annotations?: object): void =>
        tell('BOOKMARK', {
          kind: type.kind,
          apiVersion: apiVersionOf(type),
          metadata: { resourceVersion: String(world.api.revision()), ...annotations },
        });

      if (initial || asked === null || asked === 0) {
        for (const object of world.api.list(type, route.namespace)) if (selects(object)) tellObject('ADDED', object);
        if (initial) bookmark({ annotations: { 'k8s.io/initial-events-end': 'true' } });
      } else {
        const missed = world.history.after(asked);
        if (missed === null) {
          const answer = answerOf(tooOld(asked, world.history.floor()));
          if ('body' in answer) tell('ERROR', answer.body as object);
          response.end();
          return;
        }
        missed.forEach(tellEvent);
      }
      const from = asked ?? 0;
      const stop = world.api.watch((event) => void (revisionOf(event) > from && tellEvent(event)));
      try {
        await untilOver(call, response, bookmarks ? bookmark : null);
      } finally {
        stop();
        response.end();
      }
    },
  };
}

/** What a change is to somebody who sees only what is selected; null: nothing (golden 167). */
function kindFor(
  { type, object, before }: KubeEvent,
  selects: (object: KubeObject) => boolean,
): KubeEvent['type'] | null {
  const was = before !== null && selects(before);
  const is = type !== 'DELETED' && selects(object);
  if (was) return is ? 'MODIFIED' : 'DELETED';
  return is ? 'ADDED' : null;
}

/** What left the selection is told as it was, with the version of the change that took it away. */
function lastSeen({ type, object, before }: KubeEvent): KubeObject {
  if (type === 'DELETED' || before === null) return object;
  return { ...before, metadata: { ...before.metadata, resourceVersion: object.metadata.resourceVersion } };
}

async function untilOver(call: Call, response: ServerResponse, bookmark: (() => void) | null): Promise<void> {
  const { clock, bookmarkIntervalMs, watchesEnd } = call.world;
  const over = new AbortController();
  const end = (): void => over.abort();
  const cut = watchesEnd();
  response.once('close', end);
  cut.addEventListener('abort', end, { once: true });
  const seconds = Number(call.query.get('timeoutSeconds')) || USUAL_TIMEOUT_S;
  const endsAt = clock.now() + seconds * 1_000;
  while (!over.signal.aborted && !cut.aborted) {
    const left = endsAt - clock.now();
    await clock.sleep(Math.max(0, Math.min(left, bookmark === null ? left : bookmarkIntervalMs)), over.signal);
    if (over.signal.aborted) break;
    const isOver = clock.now() >= endsAt;
    // The last one is due two seconds before the end, or never (golden 167, 169).
    if (!isOver || seconds > 2) bookmark?.();
    if (isOver) break;
  }
  cut.removeEventListener('abort', end);
}

/** The server takes 30 to 60 minutes where the client names none (its `--min-request-timeout`). */
const USUAL_TIMEOUT_S = 45 * 60;

function tooOld(asked: number, floor: number): StatusError {
  return new StatusError(410, 'Expired', `too old resource version: ${asked} (${floor})`);
}

/** Golden 170. */
function needsMatch(): StatusError {
  return invalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', [
    {
      reason: 'FieldValueForbidden',
      field: 'resourceVersionMatch',
      message: 'Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
    },
  ]);
}
