import { z } from 'zod';
import { formatWorkloadReference } from '../../model/workload-reference.ts';
import { referenceParam } from '../reference-param.ts';
import { actRelease, checkRelease, describeUnreadable, heldSchema, verifyRelease } from '../release-held.ts';
import { awaitPodsGoneByHand, scaleBackByHand, scaleToZeroByHand } from '../scale-by-hand.ts';
import { findOwnPods, listPods } from '../server-trace.ts';
import type { RecoveryStep, Standing, StepCall } from '../step.ts';

type Params = z.infer<typeof params>;
const params = z.object({ workload: referenceParam });

export default {
  kind: 'hold-client',
  summary:
    'Scales a dependent to 0 and remembers its replicas in an annotation, so that the return of the database meets no stampede.',
  params,
  // terminationGracePeriodSeconds is 30 unless a pod says otherwise, and may be minutes: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/
  deadlineMs: 5 * 60_000,
  skip: 'Its pods go on trying, and all of them come at once when the database is back.',
  holdsClients: true,
  title: ({ workload }) => `Hold ${formatWorkloadReference(workload)} at 0`,
  manual: ({ workload }) => [
    scaleToZeroByHand(workload),
    awaitPodsGoneByHand(workload, {
      ended: false,
      otherwise:
        'Still Terminating after 5 min: go on all the same. It is no server; it only goes on trying to connect.',
    }),
  ],
  check,
  async act({ params: { workload: reference }, own, tools }) {
    const { data } = heldSchema.safeParse(own);
    if (!data || data.held === null) return { kind: 'refused', reason: 'It is not known how many it had.' };
    return await tools.changes.scale({ reference, uid: data.uid, from: data.held, to: 0, held: 'remember' });
  },
  async verify({ params: { workload: reference }, tools }) {
    const name = formatWorkloadReference(reference);
    const read = await tools.objects.readWorkload(reference);
    if (!read.ok) return { kind: 'unknown', saw: `${name} cannot be read: ${read.reason}` };
    if (read.value === null) return { kind: 'failed', saw: `${name} is gone` };
    if (read.value.desired > 0) return { kind: 'waiting', saw: `${name} is scaled to ${read.value.desired}, not to 0` };
    const list = await tools.cluster.list();
    if (!list.ok) return { kind: 'unknown', saw: `the pods cannot be listed: ${list.reason}` };
    const left = findOwnPods(reference, list.value).filter(({ phase }) => phase !== 'Failed' && phase !== 'Succeeded');
    return left.length > 0
      ? { kind: 'waiting', saw: `still there: ${listPods(left)}` }
      : { kind: 'holds', saw: `${name} is at 0, and no pod of it is left` };
  },
  undo: {
    title: ({ workload }) => `Release ${formatWorkloadReference(workload)}`,
    manual: ({ workload }) => scaleBackByHand(workload),
    check: ({ params: { workload }, own, tools }) => checkRelease(tools, workload, own),
    act: ({ params: { workload }, tools }) => actRelease(tools, workload),
    verify: ({ params: { workload }, own, tools }) => verifyRelease(tools, workload, own, 'letIn'),
  },
} satisfies RecoveryStep<Params>;

async function check({ params: { workload: reference }, own, tools }: StepCall<Params>): Promise<Standing> {
  const name = formatWorkloadReference(reference);
  const read = await tools.objects.readWorkload(reference);
  if (!read.ok) return { kind: 'unknown', saw: `${name} cannot be read: ${read.reason}` };
  if (read.value === null) return { kind: 'blocked', saw: `${name} does not exist any more: plan again` };
  const { uid, desired, heldReplicas } = read.value;
  if (heldReplicas === 'unreadable') return { kind: 'blocked', saw: describeUnreadable(name) };
  if (desired > 0) {
    return heldReplicas === null
      ? { kind: 'ready', saw: `${name} has ${desired}`, note: { uid, held: desired } }
      : {
          kind: 'blocked',
          saw: `${name} is scaled to ${desired}, and its annotation says that it is held and had ${heldReplicas}: somebody scaled it by hand. Take the annotation away, or scale it to 0, and Retry`,
        };
  }
  if (heldReplicas !== null)
    return { kind: 'acted', saw: `${name} is held at 0, and had ${heldReplicas}`, note: { uid, held: heldReplicas } };
  // What was noted stays known, also where somebody took the annotation away meanwhile.
  const { data } = heldSchema.safeParse(own);
  if (data && data.held !== null)
    return { kind: 'acted', saw: `${name} is at 0, and had ${data.held}; its annotation is gone`, note: data };
  return { kind: 'acted', saw: `${name} is at 0 already, and is left alone`, note: { uid, held: null } };
}
