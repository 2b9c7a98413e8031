import { z } from 'zod';
import { isTerminal } from '../../model/cluster.ts';
import { podsOf } from '../../model/pods-of.ts';
import { formatWorkloadReference } from '../../model/workload-reference.ts';
import { findFault } from '../application-workload.ts';
import { checkScaleBack, readStopped, scaleBack } from '../scale-back.ts';
import { awaitPodsGoneByHand, scaleBackByHand, scaleToZeroByHand } from '../scale-by-hand.ts';
import type { RecoveryStep, Standing, StepCall, Verified } from '../step.ts';
import { workloadReferenceSchema } from '../step-params.ts';

const paramsSchema = z.object({ workload: workloadReferenceSchema });
type Params = z.infer<typeof paramsSchema>;

export default {
  kind: 'stop-application',
  summary: 'Scales an application to 0, remembers how many replicas it had, and waits until its pods are gone.',
  params: paramsSchema,
  // terminationGracePeriodSeconds is 30 where nobody sets it; five minutes are for those that set more.
  deadlineMs: 300_000,
  skip: null,
  holdsClients: true,
  title: ({ workload }) => `Scale ${formatWorkloadReference(workload)} to 0`,
  manual: ({ workload }) => [
    scaleToZeroByHand(workload),
    awaitPodsGoneByHand(workload, {
      ended: false,
      otherwise: 'Still Terminating after 5 min: go on; what such a pod holds is ended below once the pod is gone.',
    }),
  ],
  check,
  act: ({ params: { workload: reference }, own, tools }) => {
    const note = readStopped(own);
    if (note === null) return Promise.resolve({ kind: 'refused', reason: 'how many replicas it has was not noted' });
    return tools.changes.scale({ reference, uid: note.uid, from: note.replicas, to: 0, held: 'remember' });
  },
  verify,
  undo: {
    title: ({ workload }) => `Scale ${formatWorkloadReference(workload)} back`,
    manual: ({ workload }) => scaleBackByHand(workload),
    check: ({ params, own, tools }) => checkScaleBack(tools, params.workload, readStopped(own)),
    act: ({ params, own, tools }) => scaleBack(tools, params.workload, readStopped(own)),
    // Its replicas are back: whoever waits for others to be released need not wait for its pods.
    verify: async ({ params, own, tools }): Promise<Verified> => {
      const now = await checkScaleBack(tools, params.workload, readStopped(own));
      if (now.kind === 'acted') return { kind: 'holds', saw: now.saw };
      return { kind: now.kind === 'unknown' ? 'unknown' : 'waiting', saw: now.saw };
    },
  },
} satisfies RecoveryStep<Params>;

async function check({ params: { workload: reference }, own, tools }: StepCall<Params>): Promise<Standing> {
  const name = formatWorkloadReference(reference);
  const found = await tools.objects.readWorkload(reference);
  if (!found.ok) return { kind: 'unknown', saw: `${name} cannot be read: ${found.reason}` };
  if (found.value === null) return { kind: 'blocked', saw: `${name} is not in the cluster` };
  const { uid, desired, heldReplicas } = found.value;
  if (desired === 0 && typeof heldReplicas === 'number' && heldReplicas > 0) {
    const noted = readStopped(own);
    const note = noted?.uid === uid ? noted : { uid, replicas: heldReplicas, pods: [] };
    return { kind: 'acted', saw: `${name} has 0 replicas, and had ${heldReplicas}`, note };
  }
  const fault = findFault(found.value);
  if (fault !== null) return { kind: 'blocked', saw: fault };
  const state = await tools.cluster.list();
  if (!state.ok) return { kind: 'unknown', saw: `the pods of ${name} cannot be listed: ${state.reason}` };
  const pods = podsOf(reference, state.value).map((pod) => pod.uid);
  return {
    kind: 'ready',
    saw: `${name} has ${desired} replicas and ${pods.length} pods`,
    note: { uid, replicas: desired, pods },
  };
}

/** Pods, never a status: that does not count those that are Terminating (shared/data/kubernetes, fact 1). */
async function verify({ params: { workload: reference }, own, tools }: StepCall<Params>): Promise<Verified> {
  const name = formatWorkloadReference(reference);
  const found = await tools.objects.readWorkload(reference);
  if (!found.ok) return { kind: 'unknown', saw: `${name} cannot be read: ${found.reason}` };
  if (found.value === null) return { kind: 'failed', saw: `${name} is not in the cluster any more` };
  if (found.value.desired > 0) return { kind: 'waiting', saw: `${name} still has ${found.value.desired} replicas` };
  const state = await tools.cluster.list();
  if (!state.ok) return { kind: 'unknown', saw: `the pods of ${name} cannot be listed: ${state.reason}` };
  const noted = new Set(readStopped(own)?.pods);
  const left = new Set([
    ...podsOf(reference, state.value),
    ...state.value.pods.filter((pod) => noted.has(pod.uid) && !isTerminal(pod)),
  ]);
  if (left.size === 0) return { kind: 'holds', saw: `${name} has 0 replicas, and its pods are gone` };
  return { kind: 'waiting', saw: `pods are left: ${[...left].map((pod) => pod.name).join(', ')}` };
}
