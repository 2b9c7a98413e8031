import { stringify } from 'yaml';
import { z } from 'zod';
import type { Clock } from '../model/clock.ts';
import type { ClusterEvidence, Evidence, EvidenceScope } from '../model/evidence.ts';
import type { Log } from '../model/log.ts';
import { captureLogs } from './capture-logs.ts';
import { cleanObject } from './clean-object.ts';
import { DEADLINE_MS, type KubernetesClient } from './client.ts';
import { createEvidenceParts } from './evidence-parts.ts';
import { listAll } from './list-all.ts';
import { list, readTime, textMap } from './metadata.ts';
import { pathOf } from './paths.ts';

/** Of one kind; the newest are kept. */
const MOST_OBJECTS = 50;
const MOST_EVENTS = 300;

/**
 * Secrets are never asked for, and what looks like one is taken out of everything. Needs `get` on the workload, the claim, its volume
 * and pods/log; `list` on replicasets, services, pods, events, nodes and volumeattachments.
 */
export function createClusterEvidence(options: {
  readonly client: KubernetesClient;
  readonly clock: Clock;
  readonly log: Log;
}): ClusterEvidence {
  return { capture: (scope, withinMs) => capture(options, scope, withinMs) };
}

async function capture(
  { client, clock, log }: Parameters<typeof createClusterEvidence>[0],
  { workload, claim }: EvidenceScope,
  withinMs: number,
): Promise<Evidence> {
  const parts = createEvidenceParts(clock, log, withinMs);
  const { namespace, name } = workload;
  const within = `/namespaces/${encodeURIComponent(namespace)}`;
  const deadlineMs = (): number => Math.min(DEADLINE_MS, parts.leftMs());

  async function get(what: string, kind: string, path: string | null): Promise<Seen | null> {
    if (path === null) return null;
    const found = await parts.read(what, async () => look(await client.request({ path, deadlineMs: deadlineMs() })));
    if (found) parts.keep(`${kind.toLowerCase()}-${found.metadata.name}.yaml`, () => print(kind, [found]));
    return found;
  }

  function listOf(what: string, path: string, query = {}): Promise<readonly Seen[] | null> {
    return parts.read(what, async () => {
      const { items } = await listAll(client, clock, { path, query, deadlineMs: deadlineMs(), parse: look });
      return items;
    });
  }

  function keepAll(kind: string, objects: readonly Seen[] | undefined, most = MOST_OBJECTS): void {
    if (objects === undefined || objects.length === 0) return;
    const plural = `${kind.toLowerCase()}s`;
    const newest = objects.toSorted((a, b) => ageOf(a) - ageOf(b)).slice(-most);
    if (newest.length < objects.length) parts.miss(`${plural}: the newest ${most} of ${objects.length}`);
    parts.keep(`${plural}.yaml`, () => print(kind, newest));
  }

  async function captureStorage(): Promise<void> {
    if (claim === null) return parts.miss('claim and volume: none is configured');
    const found = await get('claim', 'PersistentVolumeClaim', pathOf(claim));
    const volume = found?.spec.volumeName;
    if (!volume) return;
    const [, attachments] = await Promise.all([
      get('volume', 'PersistentVolume', `/api/v1/persistentvolumes/${encodeURIComponent(volume)}`),
      listOf('volume attachments', '/apis/storage.k8s.io/v1/volumeattachments'),
    ]);
    keepAll(
      'VolumeAttachment',
      attachments?.filter(({ spec }) => spec.source?.persistentVolumeName === volume),
    );
  }

  async function captureNodes(pods: readonly Seen[]): Promise<void> {
    const names = new Set(pods.flatMap(({ spec }) => spec.nodeName ?? []));
    const nodes = [...names].map((node) =>
      listOf(`node ${node}`, '/api/v1/nodes', { fieldSelector: `metadata.name=${node}` }),
    );
    keepAll(
      'Node',
      (await Promise.all(nodes)).flatMap((found) => found ?? []),
    );
  }

  async function captureAround(): Promise<void> {
    const reading = [
      get('workload', KINDS[workload.kind] ?? workload.kind, pathOf(workload)),
      listOf('pods', `/api/v1${within}/pods`),
      listOf('services', `/api/v1${within}/services`),
    ] as const;
    const [owner, all] = await Promise.all([reading[0], reading[1]]);
    const selector = owner === null ? null : (owner.spec.selector?.['matchLabels'] ?? {});
    const pods = all?.filter(
      (pod) =>
        (selector !== null ? fits(selector, pod.metadata.labels) : pod.metadata.name.startsWith(`${name}-`)) ||
        (claim !== null && mounts(pod, claim.name)),
    );
    keepAll('Pod', pods);
    const labels = [
      ...(pods ?? []).map(({ metadata }) => metadata.labels),
      owner?.spec.template?.metadata?.labels ?? {},
    ];
    const capturing = [
      captureNodes(pods ?? []),
      ...(pods ?? []).map(({ object }) => captureLogs(client, parts, object)),
    ];
    const services = await reading[2];
    keepAll(
      'Service',
      services?.filter(({ spec }) => labels.some((each) => fits(spec.selector ?? {}, each))),
    );
    await Promise.all(capturing);
  }

  async function captureReplicaSets(): Promise<void> {
    if (workload.kind !== 'deployment') return;
    const found = await listOf('replica sets', `/apis/apps/v1${within}/replicasets`);
    keepAll(
      'ReplicaSet',
      found?.filter(({ metadata }) => metadata.ownerReferences.some((owner) => owner.name === name)),
    );
  }

  async function captureEvents(): Promise<void> {
    const found = await listOf('events', `/api/v1${within}/events`);
    const isOurs = (about: string): boolean => about === name || about.startsWith(`${name}-`) || about === claim?.name;
    keepAll(
      'Event',
      found?.filter(({ involvedObject }) => isOurs(involvedObject?.name ?? '')),
      MOST_EVENTS,
    );
  }

  return parts.finish([captureAround(), captureReplicaSets(), captureStorage(), captureEvents()]);
}

const KINDS: Readonly<Record<string, string>> = { deployment: 'Deployment', statefulset: 'StatefulSet' };
const VERSIONS: Readonly<Record<string, string>> = {
  Deployment: 'apps/v1',
  StatefulSet: 'apps/v1',
  ReplicaSet: 'apps/v1',
  VolumeAttachment: 'storage.k8s.io/v1',
};

/** As `kubectl get -o yaml` prints them; items of a list do not say themselves what they are. */
function print(kind: string, objects: readonly Seen[]): string {
  return objects
    .map(({ object }) => ({ apiVersion: VERSIONS[kind] ?? 'v1', kind, ...(cleanObject(object) as object) }))
    .map((object) => stringify(object, { lineWidth: 0, aliasDuplicateObjects: false }))
    .join('---\n');
}

/** An empty selector selects nothing: it is of a Service whose endpoints somebody else makes. */
function fits(selector: unknown, labels: Readonly<Record<string, string>>): boolean {
  const wanted = Object.entries(selector ?? {});
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
}

function mounts({ spec }: Seen, claim: string): boolean {
  return spec.volumes.some(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === claim);
}

function ageOf({ metadata, lastTimestamp, eventTime }: Seen): number {
  return readTime(lastTimestamp) ?? readTime(eventTime) ?? readTime(metadata.creationTimestamp) ?? 0;
}

/** The object as it came, beside what is needed of it. */
type Seen = z.infer<typeof seenSchema> & { readonly object: unknown };

function look(object: unknown): Seen {
  return { ...seenSchema.parse(object), object };
}

const labelsSchema = z.object({ labels: textMap() });
const seenSchema = z.object({
  metadata: labelsSchema.extend({
    name: z.string(),
    creationTimestamp: z.string().nullish(),
    ownerReferences: list(z.object({ name: z.string() })),
  }),
  lastTimestamp: z.string().nullish(),
  eventTime: z.string().nullish(),
  involvedObject: z.object({ name: z.string().nullish() }).nullish(),
  spec: z
    .object({
      /** A Service's has the labels themselves, a workload's has matchLabels. */
      selector: z.record(z.string(), z.unknown()).nullish(),
      volumeName: z.string().nullish(),
      nodeName: z.string().nullish(),
      source: z.object({ persistentVolumeName: z.string().nullish() }).nullish(),
      template: z.object({ metadata: labelsSchema.nullish() }).nullish(),
      volumes: list(z.object({ persistentVolumeClaim: z.object({ claimName: z.string() }).nullish() })),
    })
    .nullish()
    .transform((spec) => spec ?? { volumes: [] }),
});
