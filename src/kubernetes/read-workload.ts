import { z } from 'zod';
import { HELD_REPLICAS } from '../model/cluster-changes.ts';
import type { Workload } from '../model/workload.ts';
import type { WorkloadReference } from '../model/workload-reference.ts';
import { ApiError } from './api-error.ts';
import type { KubernetesClient } from './client.ts';
import { list, metadataSchema, textMap } from './metadata.ts';
import { nameManagers } from './name-managers.ts';
import { nullIfMissing } from './observe.ts';
import { pathOf } from './paths.ts';

/** Null: there is none. Needs `get` on deployments and statefulsets. Rejects with ApiError, or ZodError. */
export async function readWorkload(client: KubernetesClient, reference: WorkloadReference): Promise<Workload | null> {
  const path = ['deployment', 'statefulset'].includes(reference.kind) ? pathOf(reference) : null;
  if (path === null)
    throw new ApiError('failed', `A ${reference.kind} is no workload: a deployment or a statefulset is.`);
  const object = await nullIfMissing(client.request({ path }));
  return object === null ? null : parseWorkload(object, reference);
}

export function parseWorkload(object: unknown, reference: WorkloadReference): Workload {
  const { metadata, spec, status } = workloadSchema.parse(object);
  const template = spec.template.spec;
  return {
    reference,
    uid: metadata.uid,
    resourceVersion: metadata.resourceVersion,
    desired: spec.replicas ?? 1,
    ready: status?.readyReplicas ?? 0,
    strategy: spec.strategy?.type ?? spec.updateStrategy?.type ?? 'RollingUpdate',
    revision: metadata.annotations['deployment.kubernetes.io/revision'] ?? status?.updateRevision ?? null,
    images: template.containers.map(({ image }) => image ?? ''),
    selector: spec.selector.matchLabels,
    claims: template.volumes.flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []),
    managers: nameManagers(metadata),
    paused: spec.paused === true,
    heldReplicas: readHeld(metadata.annotations[HELD_REPLICAS]),
    surge: countSurge(reference, spec),
    rollout: {
      observed: (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0),
      updated: status?.updatedReplicas ?? 0,
      total: status?.replicas ?? 0,
      available: status?.availableReplicas ?? 0,
      restartedAt: spec.template.metadata?.annotations['kubectl.kubernetes.io/restartedAt'] ?? null,
    },
  };
}

function readHeld(text: string | undefined): Workload['heldReplicas'] {
  if (text === undefined) return null;
  return /^\d{1,6}$/.test(text) ? Number(text) : 'unreadable';
}

/** A StatefulSet replaces its pods one by one, and Recreate has none besides. */
function countSurge(
  { kind }: WorkloadReference,
  { replicas, strategy }: z.infer<typeof workloadSchema>['spec'],
): number {
  if (kind !== 'deployment' || strategy?.type === 'Recreate') return 0;
  const surge = strategy?.rollingUpdate?.maxSurge ?? '25%';
  const desired = replicas ?? 1;
  return typeof surge === 'number' ? surge : Math.ceil((Number.parseInt(surge, 10) / 100) * desired);
}

const workloadSchema = z.object({
  metadata: metadataSchema,
  spec: z.object({
    replicas: z.number().nullish(),
    selector: z.object({ matchLabels: textMap() }),
    strategy: z
      .object({
        type: z.string().nullish(),
        rollingUpdate: z.object({ maxSurge: z.union([z.number(), z.string()]).nullish() }).nullish(),
      })
      .nullish(),
    updateStrategy: z.object({ type: z.string().nullish() }).nullish(),
    paused: z.boolean().nullish(),
    template: z.object({
      metadata: z.object({ annotations: textMap() }).nullish(),
      spec: z.object({
        containers: list(z.object({ image: z.string().nullish() })),
        volumes: list(z.object({ persistentVolumeClaim: z.object({ claimName: z.string() }).nullish() })),
      }),
    }),
  }),
  status: z
    .object({
      readyReplicas: z.number().nullish(),
      updateRevision: z.string().nullish(),
      observedGeneration: z.number().nullish(),
      updatedReplicas: z.number().nullish(),
      availableReplicas: z.number().nullish(),
      replicas: z.number().nullish(),
    })
    .nullish(),
});
