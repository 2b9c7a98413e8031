import { z } from 'zod';
import { ApiError } from './api-error.ts';
import { cleanText } from './clean-object.ts';
import type { KubernetesClient } from './client.ts';
import type { EvidenceParts } from './evidence-parts.ts';
import { list } from './metadata.ts';

const LINES = 500;
/** `limitBytes` cuts off the newest: so more is asked for, and the end of it kept. */
const MOST_ASKED_BYTES = 1_048_576;
const MOST_KEPT = 262_144;
/** A kubelet answers at once; one that is gone lets the API server wait, which holds one of two connections. */
const DEADLINE_MS = 5_000;

/**
 * The log of each container of a pod that has run, and of the run before where there was one. The rest is left out as soon as its
 * kubelet does not answer. Needs `get` on pods/log.
 */
export async function captureLogs(client: KubernetesClient, parts: EvidenceParts, object: unknown): Promise<void> {
  const read = podSchema.safeParse(object);
  if (!read.success) return parts.miss('logs of a pod: what it says of itself cannot be read');
  const { metadata, status } = read.data;
  const path = `/api/v1/namespaces/${encodeURIComponent(metadata.namespace)}/pods/${encodeURIComponent(metadata.name)}/log`;
  let silent = false;

  async function captureOne(container: string, previous: boolean): Promise<void> {
    const what = `log of ${metadata.name}/${container}${previous ? ' before its restart' : ''}`;
    if (silent) return parts.miss(`${what}: not asked for, as its node does not answer`);
    const text = await parts.read(what, async () => {
      const query = {
        container,
        previous: previous || undefined,
        tailLines: LINES,
        limitBytes: MOST_ASKED_BYTES,
        timestamps: true,
      };
      try {
        return await client.requestText({ path, query, deadlineMs: Math.min(DEADLINE_MS, parts.leftMs()) });
      } catch (error) {
        silent = error instanceof ApiError && error.fault === 'timeout';
        throw error;
      }
    });
    if (text !== null)
      parts.keep(`${metadata.name}.${container}${previous ? '.previous' : ''}.log`, () => cleanLog(text));
  }

  for (const { name, state, lastState, restartCount } of [
    ...status.initContainerStatuses,
    ...status.containerStatuses,
  ]) {
    if (state?.running || state?.terminated) await captureOne(name, false);
    if (lastState?.terminated || (restartCount ?? 0) > 0) await captureOne(name, true);
  }
}

/** Line by line, and the newest lines that fit. Pure. */
export function cleanLog(text: string): string {
  const tail = text.slice(-MOST_KEPT);
  const whole = tail.length === text.length ? tail : tail.slice(tail.indexOf('\n') + 1);
  return whole.split('\n').map(cleanText).join('\n');
}

const stateSchema = z.object({ running: z.unknown(), terminated: z.unknown() }).partial().nullish();
const statusesSchema = list(
  z.object({ name: z.string(), restartCount: z.number().nullish(), state: stateSchema, lastState: stateSchema }),
);
const podSchema = z.object({
  metadata: z.object({ name: z.string(), namespace: z.string() }),
  status: z
    .object({ containerStatuses: statusesSchema, initContainerStatuses: statusesSchema })
    .nullish()
    .transform((status) => status ?? { containerStatuses: [], initContainerStatuses: [] }),
});
