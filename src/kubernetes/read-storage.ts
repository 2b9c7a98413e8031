import { z } from 'zod';
import type { Clock } from '../model/clock.ts';
import { cut, stripInvisible } from '../model/plain-text.ts';
import type { Storage } from '../model/workload.ts';
import type { WorkloadReference } from '../model/workload-reference.ts';
import { ApiError } from './api-error.ts';
import type { KubernetesClient } from './client.ts';
import { listAll } from './list-all.ts';
import { list, metadataSchema } from './metadata.ts';
import { nullIfMissing } from './observe.ts';
import { pathOf } from './paths.ts';

/**
 * The claim, the volume that it is bound to, and where that is attached; null: there is no such claim. Needs `get` on
 * persistentvolumeclaims and persistentvolumes, and `list` on volumeattachments. Rejects with ApiError, or ZodError.
 */
export async function readStorage(
  client: KubernetesClient,
  clock: Clock,
  reference: WorkloadReference,
): Promise<Storage | null> {
  const path = reference.kind === 'persistentvolumeclaim' ? pathOf(reference) : null;
  if (path === null) throw new ApiError('failed', `A ${reference.kind} is no claim: a persistentvolumeclaim is.`);
  const found = await nullIfMissing(client.request({ path }));
  if (found === null) return null;
  const { spec, status } = claimSchema.parse(found);
  const claim = { reference, phase: status?.phase ?? 'Unknown', sizeText: status?.capacity?.['storage'] ?? null };
  if (!spec.volumeName) return { claim, volume: null, attachments: [] };
  const name = spec.volumeName;
  const [volume, attachments] = await Promise.all([
    nullIfMissing(client.request({ path: `/api/v1/persistentvolumes/${encodeURIComponent(name)}` })),
    // No field selector knows the volume.
    listAll(client, clock, {
      path: '/apis/storage.k8s.io/v1/volumeattachments',
      parse: (object) => attachmentSchema.parse(object),
    }),
  ]);
  return {
    claim,
    volume: volume === null ? null : readVolume(volume, name),
    attachments: attachments.items.filter((each) => each.spec.source.persistentVolumeName === name).map(readAttachment),
  };
}

function readVolume(object: unknown, name: string): Storage['volume'] {
  const { spec } = volumeSchema.parse(object);
  return {
    name,
    reclaimPolicy: spec.persistentVolumeReclaimPolicy ?? 'Retain',
    storageClass: spec.storageClassName ? spec.storageClassName : null,
    accessModes: spec.accessModes,
    handle: spec.csi?.volumeHandle ?? null,
    driver: spec.csi?.driver ?? null,
  };
}

function readAttachment({ metadata, spec, status }: z.infer<typeof attachmentSchema>): Storage['attachments'][number] {
  const error = status?.attachError?.message ?? status?.detachError?.message;
  return {
    name: metadata.name,
    node: spec.nodeName,
    attached: status?.attached === true,
    detaching: Boolean(metadata.deletionTimestamp),
    error: error ? cut(stripInvisible(error), 500) : null,
  };
}

const claimSchema = z.object({
  spec: z.object({ volumeName: z.string().nullish() }),
  status: z.object({ phase: z.string().nullish(), capacity: z.record(z.string(), z.string()).nullish() }).nullish(),
});

const volumeSchema = z.object({
  spec: z.object({
    persistentVolumeReclaimPolicy: z.string().nullish(),
    storageClassName: z.string().nullish(),
    accessModes: list(z.string()),
    csi: z.object({ driver: z.string(), volumeHandle: z.string() }).nullish(),
  }),
});

const faultSchema = z.object({ message: z.string().nullish() }).nullish();
const attachmentSchema = z.object({
  metadata: metadataSchema,
  spec: z.object({ nodeName: z.string(), source: z.object({ persistentVolumeName: z.string().nullish() }) }),
  status: z.object({ attached: z.boolean().nullish(), attachError: faultSchema, detachError: faultSchema }).nullish(),
});
