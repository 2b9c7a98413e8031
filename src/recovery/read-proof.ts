import type { Observed } from '../model/observed.ts';
import { nodesOf, type Proof, type ProofGround, proveServerGone } from './prove-server-gone.ts';
import type { LeasesBefore } from './server-trace.ts';
import type { StepTools } from './step.ts';

type Tools = Pick<StepTools, 'cluster' | 'objects' | 'inventory'>;

/** The proof from fresh reads, none of them from a cache. `unreadable`: one of them gave no answer. */
export async function readProof(
  tools: Tools,
  known: Pick<ProofGround, 'reference' | 'claim' | 'trace' | 'before'>,
): Promise<Proof | { readonly kind: 'unreadable'; readonly saw: string }> {
  const [workload, storage] = await Promise.all([
    tools.objects.readWorkload(known.reference),
    tools.objects.readStorage(known.claim),
  ]);
  if (!workload.ok) return { kind: 'unreadable', saw: `the workload cannot be read: ${workload.reason}` };
  if (!storage.ok) return { kind: 'unreadable', saw: `the claim and its volume cannot be read: ${storage.reason}` };
  const leases = await readLeases(tools, nodesOf({ trace: known.trace, storage: storage.value }));
  if (!leases.ok) return { kind: 'unreadable', saw: leases.reason };
  // Last, so that nothing else is newer than what is known of the pods.
  const list = await tools.cluster.list();
  if (!list.ok) return { kind: 'unreadable', saw: `pods and nodes cannot be listed: ${list.reason}` };
  return proveServerGone({
    ...known,
    workload: workload.value,
    storage: storage.value,
    leases: leases.value,
    state: list.value,
  });
}

/** All of them, or the reason why not. */
export async function readLeases(
  { inventory }: Pick<StepTools, 'inventory'>,
  nodes: readonly string[],
): Promise<Observed<LeasesBefore['leases']>> {
  const read = await Promise.all(nodes.map(async (node) => ({ node, lease: await inventory.readNodeLease(node) })));
  const leases: [string, number | null][] = [];
  for (const { node, lease } of read) {
    if (!lease.ok) return { ...lease, reason: `the Lease of the node ${node} cannot be read: ${lease.reason}` };
    leases.push([node, lease.value]);
  }
  return { ok: true, value: Object.fromEntries(leases), at: read[0]?.lease.at ?? 0 };
}
