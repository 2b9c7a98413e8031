import type { Json } from '../journal/journal.ts';
import type { Change } from '../model/cluster-changes.ts';
import { formatWorkloadReference, type WorkloadReference } from '../model/workload-reference.ts';
import { readProof } from './read-proof.ts';
import { findOwnPods, leasesBeforeSchema, listPods, type ServerTrace, serverTraceSchema } from './server-trace.ts';
import type { Standing, StepTools, Verified } from './step.ts';

// The only way in which this program lets a stopped server come back: the step that starts it, and the undo of the one that stopped it.

export interface Stopped {
  readonly reference: WorkloadReference;
  readonly claim: WorkloadReference;
  /** The notes of `stop-server` and `prove-stopped`. */
  readonly trace: Json;
  readonly before: Json;
}

/** Everything is read again, however lately it was proven: without proof it is blocked. */
export async function checkStart(tools: StepTools, stopped: Stopped): Promise<Standing> {
  const { reference, claim } = stopped;
  const name = formatWorkloadReference(reference);
  const trace = serverTraceSchema.safeParse(stopped.trace);
  if (!trace.success)
    return blocked(`nothing is known of the server that was stopped, so nothing proves that it is gone`);
  const { uid, replicas } = trace.data;
  const workload = await tools.objects.readWorkload(reference);
  if (!workload.ok) return { kind: 'unknown', saw: `${name} cannot be read: ${workload.reason}` };
  if (workload.value?.uid === uid && workload.value.desired === replicas)
    return workload.value.heldReplicas === null
      ? { kind: 'acted', saw: `${name} is scaled to ${replicas}` }
      : blocked(
          `${name} was scaled to ${replicas} by somebody else. Look whether that server is well, take the annotation breakwater.dev/held-replicas away, and Retry`,
        );
  const before = leasesBeforeSchema.safeParse(stopped.before);
  if (!before.success)
    return blocked(
      `it was not proven that the old server is gone: Resume goes on with the proof, do not start without it`,
    );
  const proof = await readProof(tools, { reference, claim, trace: trace.data, before: before.data });
  if (proof.kind === 'unreadable') return { kind: 'unknown', saw: proof.saw };
  if (proof.kind !== 'proven') return blocked(`not started, as the old server is not proven gone: ${proof.saw}`);
  return { kind: 'ready', saw: proof.saw };
}

/** From 0 only, of the same object, and the annotation goes in the same change. */
export async function actStart({ changes }: StepTools, { reference, trace }: Stopped): Promise<Change> {
  const parsed = serverTraceSchema.safeParse(trace);
  if (!parsed.success) return { kind: 'refused', reason: 'Nothing is known of the server that was stopped.' };
  const { uid, replicas } = parsed.data;
  return await changes.scale({ reference, uid, from: 0, to: replicas, held: 'forget' });
}

export async function verifyStart(tools: StepTools, stopped: Stopped): Promise<Verified> {
  const { reference } = stopped;
  const name = formatWorkloadReference(reference);
  const trace = serverTraceSchema.safeParse(stopped.trace);
  if (!trace.success) return { kind: 'failed', saw: 'nothing is known of the server that was stopped' };
  const workload = await tools.objects.readWorkload(reference);
  if (!workload.ok) return { kind: 'unknown', saw: `${name} cannot be read: ${workload.reason}` };
  if (workload.value === null) return { kind: 'failed', saw: `${name} is gone` };
  const { replicas } = trace.data;
  if (workload.value.desired !== replicas)
    return { kind: 'waiting', saw: `${name} is scaled to ${workload.value.desired}, not to ${replicas} yet` };
  const list = await tools.cluster.list();
  if (!list.ok) return { kind: 'unknown', saw: `the pods cannot be listed: ${list.reason}` };
  return judgePods(trace.data, findOwnPods(reference, list.value));
}

function judgePods({ replicas }: ServerTrace, pods: ReturnType<typeof findOwnPods>): Verified {
  const ready = pods.filter((pod) => pod.ready && pod.terminatingAt === null);
  if (ready.length >= replicas) return { kind: 'holds', saw: `ready: ${listPods(ready)}` };
  if (pods.length === 0) return { kind: 'waiting', saw: 'no pod yet' };
  const why = pods.flatMap(({ containers }) => containers.flatMap(({ waiting }) => waiting ?? []));
  return { kind: 'waiting', saw: `not ready yet: ${[listPods(pods), ...new Set(why)].join(', ')}` };
}

function blocked(saw: string): Standing {
  return { kind: 'blocked', saw };
}
