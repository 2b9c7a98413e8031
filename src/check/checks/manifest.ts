import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import type { DatabaseConfig } from '../../config/config.ts';
import { parseWorkloadReference } from '../../model/workload-reference.ts';
import { type Check, fault, fine, type Judgement, warning } from '../check.ts';
import type { ClusterFacts } from '../cluster-facts.ts';
import { kubectl } from '../kubectl.ts';

const WHY = 'A recovery that has captured nothing has nothing to apply.';

export default {
  area: 'kubernetes',
  scope: 'cluster',
  summary: 'The manifest can be read, is YAML, holds the workload, and pins its image.',
  judge: (facts, { databases }) => databases.flatMap((database) => judgeManifest(facts, database)),
} satisfies Check;

function judgeManifest(
  { manifests, workloads }: ClusterFacts,
  { manifest, workload, name }: DatabaseConfig,
): readonly Judgement[] {
  if (manifest === undefined || workload === undefined) return [];
  const file = manifests.get(manifest);
  const subject = `${name}: manifest`;
  const renew = `${kubectl('get', workload)} --output yaml > ${manifest}`;
  if (!file?.ok)
    return [
      fault(subject, { what: `${manifest} cannot be read (${file?.code ?? 'nobody looked'})`, why: WHY, mend: renew }),
    ];
  const documents = parseAllDocuments(file.text);
  const broken = Array.isArray(documents) ? documents.flatMap(({ errors }) => errors)[0] : undefined;
  if (broken !== undefined) {
    const line = broken.linePos?.[0].line ?? 1;
    return [fault(subject, { what: `${manifest} is no YAML: line ${line}, ${broken.code}`, why: WHY, mend: renew })];
  }
  const objects = Array.isArray(documents)
    ? documents.flatMap((document) => objectSchema.safeParse(document.toJS()).data ?? [])
    : [];
  const found = objects.find((object) => isIt(object, workload));
  if (found === undefined)
    return [fault(subject, { what: `${manifest} does not hold ${workload}`, why: WHY, mend: renew })];
  const loose = found.spec.template.spec.containers.map(({ image }) => image).filter((image) => !isPinned(image));
  if (loose.length > 0)
    return [
      warning(`${subject} image`, {
        what: `its image ${loose.join(', ')} has no fixed version`,
        why: 'Applied again, it may start another major version on the same data.',
        mend: pinTo(workloads, workload),
      }),
    ];
  return [fine(subject, `${manifest} holds ${workload}`)];
}

const objectSchema = z.object({
  kind: z.string(),
  metadata: z.object({ name: z.string(), namespace: z.string().optional() }),
  spec: z.object({
    template: z.object({ spec: z.object({ containers: z.array(z.object({ image: z.string() })) }) }),
  }),
});

function isIt({ kind, metadata }: z.output<typeof objectSchema>, workload: string): boolean {
  const wanted = parseWorkloadReference(workload);
  if (kind.toLowerCase() !== wanted?.kind || metadata.name !== wanted.name) return false;
  return metadata.namespace === undefined || metadata.namespace === wanted.namespace;
}

/** A tag other than `latest`, or a digest; a port in the registry's name is no tag. */
function isPinned(image: string): boolean {
  if (image.includes('@sha256:')) return true;
  const tag = /:([^/:]+)$/.exec(image)?.[1];
  return tag !== undefined && tag !== 'latest';
}

function pinTo(workloads: ClusterFacts['workloads'], workload: string): string {
  const running = workloads.get(workload);
  const images = running?.ok ? (running.value?.images ?? []).filter(isPinned) : [];
  return images.length > 0 ? `image: ${images[0]}   # what runs now` : 'image: postgres:18.4   # the version that runs';
}
