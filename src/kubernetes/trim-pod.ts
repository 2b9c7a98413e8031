import { z } from 'zod';
import type { Pod, PodContainer, PodOwner } from '../model/cluster.ts';
import type { Intern } from './interner.ts';
import { list, type Metadata, metadataSchema, readTime } from './metadata.ts';

/** A pod, and whom to ask about its owner. */
export interface TrimmedPod {
  readonly pod: Pod;
  /** The uid of the ReplicaSet that made it; null where another kind did, or nobody. */
  readonly replicaSet: string | null;
}

/** Cuts a pod down as it comes in. Throws ZodError for what is no pod. */
export function trimPod(object: unknown, intern: Intern): TrimmedPod {
  const { metadata, spec, status } = podSchema.parse(object);
  const condition = (type: string) => status.conditions.find((each) => each.type === type);
  const controller = metadata.ownerReferences?.find((each) => each.controller === true);
  const ready = condition('Ready');
  const scheduled = condition('PodScheduled');
  const startedAt = readTime(status.startTime);
  const pod: Pod = {
    namespace: intern(metadata.namespace),
    name: metadata.name,
    uid: metadata.uid,
    phase: PHASES.find((phase) => phase === status.phase) ?? 'Unknown',
    terminatingAt: readTime(metadata.deletionTimestamp),
    node: spec.nodeName ? intern(spec.nodeName) : null,
    addresses: [...new Set([status.podIP, ...status.podIPs.map(({ ip }) => ip)])].filter(
      (ip) => typeof ip === 'string' && ip !== '',
    ) as string[],
    hostNetwork: spec.hostNetwork === true,
    createdAt: readTime(metadata.creationTimestamp) ?? 0,
    // A static pod was never scheduled by anybody.
    scheduledAt:
      scheduled?.status === 'True' ? readTime(scheduled.lastTransitionTime) : spec.nodeName ? startedAt : null,
    startedAt,
    ready: ready?.status === 'True',
    readySince: readTime(ready?.lastTransitionTime),
    owner: controller ? nameOwner(controller, metadata, intern) : null,
    containers: listContainers(spec, status, intern),
    claims: spec.volumes.flatMap(({ persistentVolumeClaim }) =>
      persistentVolumeClaim ? intern(persistentVolumeClaim.claimName) : [],
    ),
  };
  return { pod, replicaSet: controller?.kind === 'ReplicaSet' ? controller.uid : null };
}

const PHASES = ['Pending', 'Running', 'Succeeded', 'Failed', 'Unknown'] as const;

const stateSchema = z
  .object({
    waiting: z.object({ reason: z.string().nullish() }).nullish(),
    terminated: z
      .object({ reason: z.string().nullish(), exitCode: z.number().nullish(), finishedAt: z.string().nullish() })
      .nullish(),
  })
  .nullish();

const containerStatusSchema = z.object({
  name: z.string(),
  image: z.string().default(''),
  ready: z.boolean().default(false),
  restartCount: z.number().default(0),
  state: stateSchema,
  lastState: stateSchema,
});

const podSchema = z.object({
  metadata: metadataSchema,
  spec: z.object({
    nodeName: z.string().nullish(),
    hostNetwork: z.boolean().nullish(),
    containers: list(z.object({ name: z.string(), image: z.string().nullish() })),
    volumes: list(z.object({ persistentVolumeClaim: z.object({ claimName: z.string() }).nullish() })),
  }),
  status: z
    .object({
      phase: z.string().nullish(),
      podIP: z.string().nullish(),
      podIPs: list(z.object({ ip: z.string().nullish() })),
      startTime: z.string().nullish(),
      conditions: list(z.object({ type: z.string(), status: z.string(), lastTransitionTime: z.string().nullish() })),
      containerStatuses: list(containerStatusSchema),
      initContainerStatuses: list(containerStatusSchema),
    })
    .default({
      conditions: [],
      podIPs: [],
      containerStatuses: [],
      initContainerStatuses: [],
    }),
});

type ReadPod = z.infer<typeof podSchema>;
type ContainerStatus = z.infer<typeof containerStatusSchema>;

/** Containers that are to run, and init containers that keep them from it. */
function listContainers(spec: ReadPod['spec'], status: ReadPod['status'], intern: Intern): readonly PodContainer[] {
  const stuck = status.initContainerStatuses.filter(
    ({ state }) => (state?.terminated?.exitCode ?? 0) !== 0 || isStuck(state?.waiting?.reason),
  );
  const told = [...stuck, ...status.containerStatuses].map((each) => trimContainer(each, intern));
  const silent = spec.containers.filter(({ name }) => !told.some((each) => each.name === name));
  return [
    ...told,
    ...silent.map(({ name, image }) => ({
      name: intern(name),
      image: intern(image ?? ''),
      ready: false,
      restarts: 0,
      waiting: null,
      lastEnd: null,
    })),
  ];
}

/** An init container that only waits for its turn says so. */
function isStuck(reason: string | null | undefined): boolean {
  return Boolean(reason) && reason !== 'PodInitializing' && reason !== 'ContainerCreating';
}

function trimContainer(given: ContainerStatus, intern: Intern): PodContainer {
  const { name, image, ready, restartCount, state, lastState } = given;
  const ended = state?.terminated ?? lastState?.terminated ?? null;
  return {
    name: intern(name),
    image: intern(image),
    ready,
    restarts: restartCount,
    waiting: state?.waiting ? intern(state.waiting.reason ?? 'Waiting') : null,
    lastEnd: ended && {
      reason: intern(ended.reason ?? 'Unknown'),
      at: readTime(ended.finishedAt),
      exitCode: ended.exitCode ?? null,
    },
  };
}

/**
 * A ReplicaSet is called as its Deployment, a dash, and the hash of the template: that much is known before anybody has
 * asked for the ReplicaSet itself, which tells the revision.
 */
function nameOwner(
  { kind, name }: { readonly kind: string; readonly name: string },
  { labels }: Metadata,
  intern: Intern,
): PodOwner {
  const hash = labels['pod-template-hash'];
  if (kind === 'ReplicaSet' && hash !== undefined && name.endsWith(`-${hash}`))
    return { kind: 'Deployment', name: intern(name.slice(0, -hash.length - 1)), revision: null };
  const revision = labels['controller-revision-hash'];
  return { kind: intern(kind), name: intern(name), revision: revision === undefined ? null : intern(revision) };
}
