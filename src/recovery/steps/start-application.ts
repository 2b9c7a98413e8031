import { z } from 'zod';
import { formatWorkloadReference } from '../../model/workload-reference.ts';
import { checkScaleBack, readStopped, type Stopped, scaleBack } from '../scale-back.ts';
import { scaleBackByHand } from '../scale-by-hand.ts';
import type { RecoveryStep, StepCall, Verified } from '../step.ts';
import { workloadReferenceSchema } from '../step-params.ts';

const paramsSchema = z.object({
  workload: workloadReferenceSchema,
  /** The step that stopped it, and noted how many it had. */
  stoppedBy: z.string(),
});
type Params = z.infer<typeof paramsSchema>;

export default {
  kind: 'start-application',
  summary: 'Gives an application the replicas back that it had, and waits until they are ready.',
  params: paramsSchema,
  // progressDeadlineSeconds of a Deployment, where nobody sets it: Kubernetes itself gives up then.
  deadlineMs: 600_000,
  takesBack: 'stop-application',
  skip: null,
  title: ({ workload }) => `Scale ${formatWorkloadReference(workload)} back to the replicas that it had`,
  manual: ({ workload }) => scaleBackByHand(workload),
  check: (call) => checkScaleBack(call.tools, call.params.workload, readNoted(call)),
  act: (call) => scaleBack(call.tools, call.params.workload, readNoted(call)),
  verify,
} satisfies RecoveryStep<Params>;

function readNoted(call: StepCall<Params>): Stopped | null {
  return readStopped(call.noted(call.params.stoppedBy));
}

async function verify({ params: { workload }, tools }: StepCall<Params>): Promise<Verified> {
  const name = formatWorkloadReference(workload);
  const found = await tools.objects.readWorkload(workload);
  if (!found.ok) return { kind: 'unknown', saw: `${name} cannot be read: ${found.reason}` };
  if (found.value === null) return { kind: 'failed', saw: `${name} is not in the cluster any more` };
  const { desired, ready, rollout } = found.value;
  const saw = `${ready} of ${desired} replicas of ${name} are ready`;
  // A status is of the object as its controller saw it last.
  return { kind: desired > 0 && rollout.observed && ready >= desired ? 'holds' : 'waiting', saw };
}
