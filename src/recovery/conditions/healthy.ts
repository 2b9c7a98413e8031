import type { Workload } from '../../model/workload.ts';
import { formatWorkloadReference } from '../../model/workload-reference.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { describeUse, type Signs } from '../signs.ts';

const SHOWN = 5;

/** Asked only where clients get in, once nothing else is found: there is room. A neighbour that is not well is named: on 2020-12-11 Redis lay dead for five hours. */
export function findHealthy({ use, facts }: Signs): Diagnosis | null {
  if (use === null) return null;
  const { settings, snapshot, neighbours } = facts;
  const tried = snapshot.admission.ok
    ? 'a new connection was admitted'
    : 'there is room by the counts, and no canary tries';
  const seen = neighbours?.ok ? neighbours.value : listSeen(facts);
  const unwell = seen.flatMap((workload) => describeUnwell(workload) ?? []);
  const blind =
    neighbours !== null && !neighbours.ok
      ? [`Whether the other workloads are well is unknown: ${neighbours.reason}.`]
      : [];
  const fine = `${settings.database} is healthy: ${tried}, and ${describeUse(use)}`;
  if (unwell.length === 0) {
    return {
      condition: 'healthy',
      headline: fine,
      advice: { kind: 'nothing' },
      reasons: [
        ...blind,
        ...(neighbours?.ok
          ? [`Each of the ${seen.length} workloads of its namespaces has the pods that it wants.`]
          : []),
        'No rung is needed.',
      ],
    };
  }
  const left = unwell.length > SHOWN ? [`And ${unwell.length - SHOWN} more.`] : [];
  return {
    condition: 'healthy',
    headline: `${fine}; but ${unwell.length} of ${seen.length} workloads are not well: ${unwell
      .slice(0, SHOWN)
      .map(({ name }) => name)
      .join(', ')}`,
    advice: { kind: 'by-hand', todo: [...unwell.slice(0, SHOWN).map(({ words }) => words), ...left] },
    reasons: ['No rung is needed for the database.', 'A recovery is over only when the other workloads are well too.'],
  };
}

function listSeen({ workload, dependents, applicationWorkloads }: Signs['facts']): readonly Workload[] {
  const all = [...(workload === null ? [] : [workload]), ...dependents, ...applicationWorkloads];
  const found = all.flatMap(({ workload: seen }) => (seen.ok && seen.value !== null ? [seen.value] : []));
  return [...new Map(found.map((each) => [each.uid, each])).values()];
}

/** `0 of 1 pods ready`; null where it is as it should be. */
function describeUnwell({ reference, desired, ready, heldReplicas }: Workload): { name: string; words: string } | null {
  const name = formatWorkloadReference(reference);
  if (desired === 0 && heldReplicas !== null) {
    const had = heldReplicas === 'unreadable' ? 'an unreadable number of' : heldReplicas;
    return { name, words: `${name} is still held at 0 by a recovery, and had ${had} replicas: release it.` };
  }
  if (ready >= desired) return null;
  return {
    name,
    words: `${name} has ${ready} of ${desired} pods ready: look at its pods (kubectl describe, kubectl logs).`,
  };
}
