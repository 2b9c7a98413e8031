import { parseWorkloadReference } from '../model/workload-reference.ts';

/** `namespace/kind/name` in a sentence. */
const REFERENCE = /(?<![\w/.-])[a-z0-9-]+\/[a-z]+\/[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?![\w/-])/g;

/** Workloads by name alone, as far as no other of the steps' has the same: a phone shows 30 characters in a line. Pure. */
export function shortenNames(text: string, steps: readonly { readonly title: string }[]): string {
  const all = new Set(steps.flatMap(({ title }) => title.match(REFERENCE) ?? []));
  const counts = Map.groupBy(all, nameOf);
  return text.replace(REFERENCE, (found) =>
    all.has(found) && counts.get(nameOf(found))?.length === 1 ? nameOf(found) : found,
  );
}

/** The name of the first workload that a sentence is about; null where it is about none. Pure. */
export function findName(text: string): string | null {
  const [first] = text.match(REFERENCE) ?? [];
  return first === undefined ? null : nameOf(first);
}

function nameOf(reference: string): string {
  return parseWorkloadReference(reference)?.name ?? reference;
}
