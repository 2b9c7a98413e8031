import { parseWorkloadReference } from '../model/workload-reference.ts';

/** `kubectl --namespace default patch deployment postgres --type merge \` and the patch on a line of its own. */
export function kubectlPatch(reference: string, patch: object): string {
  return `${kubectl('patch', reference)} --type merge \\\n  --patch '${JSON.stringify(patch)}'`;
}

/** One verb on one object, written `namespace/kind/name`. */
export function kubectl(verb: string, reference: string): string {
  const parsed = parseWorkloadReference(reference);
  if (parsed === null) throw new Error(`the schema let ${reference} pass`);
  return `kubectl --namespace ${parsed.namespace} ${verb} ${parsed.kind} ${parsed.name}`;
}
