import { z } from 'zod';
import type { Workload } from '../../model/workload.ts';
import { formatWorkloadReference } from '../../model/workload-reference.ts';
import { findUnhealthy } from '../find-unhealthy.ts';
import { kubectl } from '../manual-commands.ts';
import type { RecoveryStep } from '../step.ts';

type Params = z.infer<typeof params>;
const params = z.object({ namespaces: z.array(z.string()).min(1) });

/** What was shown: those that were not well when it was planned, as `namespace/kind/name`. */
const shownSchema = z.object({ unhealthy: z.array(z.string()) });

const NAMED_AT_MOST = 10;

export default {
  kind: 'check-workloads',
  summary:
    'Looks at every Deployment and StatefulSet of the namespaces: a Redis was once found dead five hours after a recovery.',
  params,
  deadlineMs: 5 * 60_000,
  skip: 'What is named stays as it is, and nobody else looks after it.',
  title: ({ namespaces }) => `Check every workload of ${namespaces.join(', ')}`,
  manual: ({ namespaces }) =>
    namespaces.map((namespace) => ({
      say: `Lists every workload of ${namespace}: in each line both numbers of READY must be the same, and 0/0 only where that was so before (evidence-workloads.txt).`,
      run: kubectl(namespace, 'get', 'deployments,statefulsets'),
      otherwise: `See what its pods say: ${kubectl(namespace, 'describe', 'pods')}. A workload that nobody looks at now was once found dead five hours later.`,
    })),
  check: async () => ({ kind: 'acted', saw: 'only looks' }),
  act: async () => ({ kind: 'done' }),
  async verify({ params: { namespaces }, shown, tools }) {
    const before = shownSchema.safeParse(shown).data?.unhealthy ?? [];
    const lists = await Promise.all(namespaces.map((namespace) => tools.inventory.listWorkloads(namespace)));
    const all: Workload[] = [];
    for (const list of lists) {
      if (!list.ok) return { kind: 'unknown', saw: `the workloads cannot be listed: ${list.reason}` };
      all.push(...list.value);
    }
    const unhealthy = findUnhealthy(all);
    if (unhealthy.length > 0) return { kind: 'waiting', saw: describe(unhealthy, before) };
    return all.length === 0
      ? { kind: 'failed', saw: `no workload is there in ${namespaces.join(', ')}` }
      : { kind: 'holds', saw: `all ${all.length} workloads are ready` };
  },
} satisfies RecoveryStep<Params>;

function describe(unhealthy: readonly Workload[], before: readonly string[]): string {
  const words = unhealthy.slice(0, NAMED_AT_MOST).map(({ reference, ready, desired, heldReplicas }) => {
    const name = formatWorkloadReference(reference);
    const state = desired === 0 ? `held at 0, had ${heldReplicas}` : `${ready} of ${desired} ready`;
    return `${name} (${state}${before.includes(name) ? ', as before the recovery' : ''})`;
  });
  const rest = unhealthy.length - NAMED_AT_MOST;
  return `not well: ${[...words, ...(rest > 0 ? [`${rest} more`] : [])].join(', ')}`;
}
