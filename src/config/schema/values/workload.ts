import type { z } from 'zod';
import { parseWorkloadReference } from '../../../model/workload-reference.ts';
import { textLeaf } from './leaf.ts';

interface ReferenceDocs {
  readonly description: string;
  readonly example: string;
  readonly kinds: readonly string[];
}

const WORKLOAD_KINDS = ['deployment', 'statefulset'];

/** kubectl's short names, which people write by habit. */
const SHORT_KINDS: Readonly<Record<string, string>> = {
  deploy: 'deployment',
  deployments: 'deployment',
  sts: 'statefulset',
  statefulsets: 'statefulset',
  pvc: 'persistentvolumeclaim',
  cj: 'cronjob',
};

/** A Deployment or StatefulSet, written `namespace/kind/name`. */
export function workloadSchema(description: string, example: string): z.ZodType<string, string> {
  return referenceSchema({ description, example, kinds: WORKLOAD_KINDS });
}

/** An object in the cluster of one of `kinds`, written `namespace/kind/name`. */
export function referenceSchema({ description, example, kinds }: ReferenceDocs): z.ZodType<string, string> {
  const pattern = `^[^/]+/(${kinds.join('|')})/[^/]+$`;
  return textLeaf({ description, examples: [example], pattern }, (text) => {
    const reference = parseWorkloadReference(text);
    if (reference !== null && kinds.includes(reference.kind)) return null;
    const kind = text.split('/')[1]?.toLowerCase();
    const meant = kind === undefined ? undefined : (SHORT_KINDS[kind] ?? kind);
    if (meant !== undefined && meant !== kind && kinds.includes(meant))
      return `has a short kind: write ${meant} in full, as in ${example}`;
    return `is no reference to a ${kinds.join(' or ')}: write namespace/kind/name in lower case, as in ${example}`;
  });
}
