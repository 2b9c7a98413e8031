import { z } from 'zod';
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
  };
}

const workloadSchema = z.object({
  metadata: metadataSchema,
  spec: z.object({
    replicas: z.number().nullish(),
    selector: z.object({ matchLabels: textMap() }),
    strategy: z.object({ type: z.string().nullish() }).nullish(),
    updateStrategy: z.object({ type: z.string().nullish() }).nullish(),
    paused: z.boolean().nullish(),
    template: z.object({
      spec: z.object({
        containers: list(z.object({ image: z.string().nullish() })),
        volumes: list(z.object({ persistentVolumeClaim: z.object({ claimName: z.string() }).nullish() })),
      }),
    }),
  }),
  status: z.object({ readyReplicas: z.number().nullish(), updateRevision: z.string().nullish() }).nullish(),
});
