import { z } from 'zod';
import type { Json } from '../../journal/journal.ts';
import { formatWorkloadReference } from '../../model/workload-reference.ts';
import { referenceParam, stepIdOf } from '../reference-param.ts';
import { actRelease, checkRelease, verifyRelease } from '../release-held.ts';
import { scaleBackByHand } from '../scale-by-hand.ts';
import type { RecoveryStep, StepCall } from '../step.ts';

type Params = z.infer<typeof params>;
const params = z.object({ workload: referenceParam });

export default {
  kind: 'release-client',
  summary: 'Scales a dependent back to what it had, and waits until its pods are ready before the next one comes.',
  params,
  // Half of a Deployment's progressDeadlineSeconds of 600: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/
  deadlineMs: 5 * 60_000,
  takesBack: 'hold-client',
  skip: 'It stays as it is: somebody has to scale it back, and look after it, by hand.',
  title: ({ workload }) => `Release ${formatWorkloadReference(workload)}`,
  manual: ({ workload }) => scaleBackByHand(workload),
  check: (call) => checkRelease(call.tools, call.params.workload, noteOf(call)),
  act: ({ params: { workload }, tools }) => actRelease(tools, workload),
  verify: (call) => verifyRelease(call.tools, call.params.workload, noteOf(call)),
} satisfies RecoveryStep<Params>;

function noteOf(call: StepCall<Params>): Json {
  return call.noted(stepIdOf('hold-client', call.params.workload));
}
