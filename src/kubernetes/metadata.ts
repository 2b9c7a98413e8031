import { z } from 'zod';

/** What every object has, as far as somebody reads it. Names, labels and annotations are hostile text. */
export const metadataSchema = z.object({
  name: z.string(),
  namespace: z.string().default(''),
  uid: z.string(),
  resourceVersion: z.string().default(''),
  generation: z.number().nullish(),
  creationTimestamp: z.string().nullish(),
  deletionTimestamp: z.string().nullish(),
  labels: textMap(),
  annotations: textMap(),
  ownerReferences: z
    .array(
      z.object({
        apiVersion: z.string(),
        kind: z.string(),
        name: z.string(),
        uid: z.string(),
        controller: z.boolean().nullish(),
      }),
    )
    .nullish(),
});

export type Metadata = z.infer<typeof metadataSchema>;

/** Optional, as nearly everything in Kubernetes is; null and left out are the same in Go. */
export function textMap() {
  return z
    .record(z.string(), z.string())
    .nullish()
    .transform((map) => map ?? {});
}

export function list<T extends z.ZodType>(item: T) {
  return z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);
}

/** RFC 3339 to epoch milliseconds; null for what is missing or no time. */
export function readTime(text: string | null | undefined): number | null {
  const at = text ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : at;
}
