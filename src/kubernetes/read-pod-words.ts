import { z } from 'zod';
import type { Clock } from '../model/clock.ts';
import { cut, stripInvisible } from '../model/plain-text.ts';
import { ApiError, hideCredentials } from './api-error.ts';
import type { KubernetesClient } from './client.ts';
import { listAll } from './list-all.ts';
import { list, type Metadata, metadataSchema, readTime } from './metadata.ts';

/** What the newest pod of a Job says of itself. Hostile text. */
export interface PodWords {
  /** Why it does not run, as in `ErrImagePull`; null where nothing is said. */
  readonly reason: string | null;
  readonly sizeBytes: number | null;
  readonly lastLines: readonly string[];
}

const SILENT: PodWords = { reason: null, sizeBytes: null, lastLines: [] };
const LINES = 20;
/** A progress bar may write megabytes without ending a line; what is cut off is the end. */
const MOST_BYTES = 65_536;
/** Of a line, characters: more is not even looked through. */
const LONGEST_LINE = 1_000;
/** In the last lines, or in the termination message: `size_bytes=123`, `size: 123 bytes`. */
const SIZE = /\bsize(?:_bytes)?\s*[=:]\s*(\d{1,18})\b(?!\s*[KMGT])/gi;

/** Of the pods that bear the Job's label, the newest. Rejects with ApiError, or ZodError; a log that may not be read is none. */
export async function readPodWords(
  client: KubernetesClient,
  clock: Clock,
  { namespace, name, uid }: Pick<Metadata, 'namespace' | 'name' | 'uid'>,
): Promise<PodWords> {
  const pods = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`;
  const { items } = await listAll(client, clock, {
    path: pods,
    query: { labelSelector: `job-name=${name}` },
    parse: (object) => podSchema.parse(object),
  });
  const [pod] = items
    .filter(({ metadata }) => metadata.ownerReferences?.some((owner) => owner.uid === uid) !== false)
    .sort((a, b) => (readTime(b.metadata.creationTimestamp) ?? 0) - (readTime(a.metadata.creationTimestamp) ?? 0));
  if (pod === undefined) return SILENT;
  const states = pod.status?.containerStatuses ?? [];
  const container = chooseContainer(pod);
  const waiting = states.find(({ state }) => state?.waiting?.reason)?.state?.waiting;
  const ended = states.find(({ state }) => state?.terminated)?.state?.terminated;
  const started = states.some(({ state }) => state?.running || state?.terminated);
  const log = started ? await readLog(client, `${pods}/${encodeURIComponent(pod.metadata.name)}/log`, container) : '';
  const lastLines = log
    .split('\n')
    // A script that prints its commands prints its passwords; a channel full of people reads this.
    .map((line) => cut(hideCredentials(stripInvisible(line.slice(0, LONGEST_LINE))), 300))
    .filter((line) => line.trim() !== '');
  const unscheduled = (pod.status?.conditions ?? []).find(
    ({ type, status }) => type === 'PodScheduled' && status === 'False',
  );
  const why = waiting ?? unscheduled;
  const text = why && [why.reason, why.message].filter(Boolean).join(': ');
  // A container that is being made is on its way.
  const isHeldUp = text && waiting?.reason !== 'ContainerCreating' && waiting?.reason !== 'PodInitializing';
  return {
    reason: isHeldUp ? cut(stripInvisible(text), 300) : null,
    sizeBytes: readSize(ended?.message ?? '') ?? readSize(log),
    lastLines: lastLines.slice(-LINES),
  };
}

/** The last size that a text tells, in bytes; null where it tells none. Pure. */
export function readSize(text: string): number | null {
  const last = [...text.matchAll(SIZE)].at(-1)?.[1];
  return last === undefined ? null : Number(last);
}

/** Of several one must be named: a mesh's proxy runs beside the backup. */
function chooseContainer({ metadata, spec }: z.infer<typeof podSchema>): string | undefined {
  return metadata.annotations['kubectl.kubernetes.io/default-container'] ?? spec?.containers[0]?.name;
}

async function readLog(client: KubernetesClient, path: string, container: string | undefined): Promise<string> {
  try {
    return await client.requestText({ path, query: { container, tailLines: LINES, limitBytes: MOST_BYTES } });
  } catch (error) {
    // The log is a courtesy: without the right to read it, or while the kubelet is away, there is still the Job's own state.
    if (error instanceof ApiError) return '';
    throw error;
  }
}

const podSchema = z.object({
  metadata: metadataSchema,
  spec: z.object({ containers: list(z.object({ name: z.string() })) }).nullish(),
  status: z
    .object({
      conditions: list(
        z.object({
          type: z.string(),
          status: z.string(),
          reason: z.string().nullish(),
          message: z.string().nullish(),
        }),
      ),
      containerStatuses: list(
        z.object({
          state: z
            .object({
              waiting: z.object({ reason: z.string().nullish(), message: z.string().nullish() }).nullish(),
              running: z.object({}).nullish(),
              terminated: z.object({ message: z.string().nullish() }).nullish(),
            })
            .nullish(),
        }),
      ),
    })
    .nullish(),
});
