import { z } from 'zod';
import type { Clock } from '../model/clock.ts';
import { cut, stripInvisible } from '../model/plain-text.ts';
import type { ClusterEvent } from '../model/workload.ts';
import type { KubernetesClient } from './client.ts';
import { listAll } from './list-all.ts';
import { metadataSchema, readTime } from './metadata.ts';

/** So long the API server keeps them unless told otherwise (--event-ttl). */
const KEPT_FOR_MS = 3_600_000;
const MOST = 200;
/** For more names one list of the namespace is cheaper. */
const MOST_BY_NAME = 3;

/** What the cluster says about the objects of these names. Needs `list` on events. Rejects with ApiError, or ZodError. */
export async function readEvents(
  client: KubernetesClient,
  clock: Clock,
  namespace: string,
  names: readonly string[],
): Promise<readonly ClusterEvent[]> {
  if (names.length === 0) return [];
  const wanted = new Set(names);
  const selectors =
    wanted.size <= MOST_BY_NAME ? [...wanted].map((name) => `involvedObject.name=${name}`) : [undefined];
  const since = clock.now() - KEPT_FOR_MS;
  const lists = await Promise.all(
    selectors.map((fieldSelector) =>
      listAll(client, clock, {
        path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/events`,
        query: { fieldSelector },
        parse: (object) => eventSchema.parse(object),
      }),
    ),
  );
  return lists
    .flatMap(({ items }) => items)
    .filter(({ involvedObject }) => wanted.has(involvedObject.name))
    .map(readEvent)
    .filter(({ at }) => at >= since)
    .sort((a, b) => a.at - b.at)
    .slice(-MOST);
}

function readEvent(event: z.infer<typeof eventSchema>): ClusterEvent {
  const { metadata, series, involvedObject } = event;
  // Old and new reporters fill in different ones.
  const times = [series?.lastObservedTime, event.lastTimestamp, event.eventTime, metadata.creationTimestamp];
  return {
    at: Math.max(0, ...times.map((time) => readTime(time) ?? 0)),
    type: event.type ?? 'Normal',
    reason: cut(stripInvisible(event.reason ?? ''), 100),
    message: cut(stripInvisible(event.message ?? ''), 500),
    about: `${involvedObject.kind ?? 'Object'}/${involvedObject.name}`,
    count: series?.count ?? event.count ?? 1,
  };
}

const eventSchema = z.object({
  metadata: metadataSchema,
  involvedObject: z.object({ kind: z.string().nullish(), name: z.string().default('') }),
  type: z.string().nullish(),
  reason: z.string().nullish(),
  message: z.string().nullish(),
  count: z.number().nullish(),
  lastTimestamp: z.string().nullish(),
  eventTime: z.string().nullish(),
  series: z.object({ count: z.number().nullish(), lastObservedTime: z.string().nullish() }).nullish(),
});
