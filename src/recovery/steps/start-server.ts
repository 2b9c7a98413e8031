import { z } from 'zod';
import { formatWorkloadReference } from '../../model/workload-reference.ts';
import { startByHand } from '../prove-by-hand.ts';
import { referenceParam } from '../reference-param.ts';
import { PROVE_STOPPED, STOP_SERVER } from '../server-trace.ts';
import { actStart, checkStart, type Stopped, verifyStart } from '../start-proven.ts';
import type { RecoveryStep, StepCall } from '../step.ts';

type Params = z.infer<typeof params>;
const params = z.object({ workload: referenceParam, claim: referenceParam });

export default {
  kind: 'start-server',
  summary: 'Proves once more that the old server is gone, and only then scales its workload back to what it had.',
  params,
  // A Deployment's progressDeadlineSeconds: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/
  deadlineMs: 10 * 60_000,
  takesBack: 'stop-server',
  skip: null,
  title: ({ workload }) => `Scale ${formatWorkloadReference(workload)} back`,
  manual: ({ workload, claim }) => startByHand(workload, claim),
  check: (call) => checkStart(call.tools, stoppedOf(call)),
  act: (call) => actStart(call.tools, stoppedOf(call)),
  verify: (call) => verifyStart(call.tools, stoppedOf(call)),
} satisfies RecoveryStep<Params>;

function stoppedOf(call: StepCall<Params>): Stopped {
  const { workload, claim } = call.params;
  return { reference: workload, claim, trace: call.noted(STOP_SERVER), before: call.noted(PROVE_STOPPED) };
}
