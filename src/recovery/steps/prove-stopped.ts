import { z } from 'zod';
import { formatWorkloadReference } from '../../model/workload-reference.ts';
import { findNoteByHand, proveByHand } from '../prove-by-hand.ts';
import { nodesOf } from '../prove-server-gone.ts';
import { readLeases, readProof } from '../read-proof.ts';
import { referenceParam } from '../reference-param.ts';
import {
  findLeftPods,
  type LeasesBefore,
  leasesBeforeSchema,
  listPods,
  STOP_SERVER,
  serverTraceSchema,
} from '../server-trace.ts';
import type { ManualCommand, RecoveryStep, Standing, StepCall, Verified } from '../step.ts';

type Params = z.infer<typeof params>;
const params = z.object({ workload: referenceParam, claim: referenceParam });

export default {
  kind: 'prove-stopped',
  summary:
    'Proves that nothing of the old server can still write: its pods gone, its nodes alive and Ready since, its volume in use nowhere.',
  params,
  // A Lease is renewed every 10 s, volumes in use are reported every 10 s, and an unmount takes as long as the disk does:
  // https://kubernetes.io/docs/concepts/architecture/nodes/#node-heartbeats
  deadlineMs: 5 * 60_000,
  skip: null,
  title: ({ workload }) => `Prove that the old server of ${formatWorkloadReference(workload)} is gone`,
  manual,
  check,
  act: async () => ({ kind: 'done' }),
  verify,
} satisfies RecoveryStep<Params>;

/** Nothing is to be done: it notes the Leases as they are now that the pods are gone, so that no clocks are compared. */
async function check(call: StepCall<Params>): Promise<Standing> {
  const {
    params: { workload: reference, claim },
    tools,
  } = call;
  const trace = serverTraceSchema.safeParse(call.noted(STOP_SERVER));
  if (!trace.success)
    return { kind: 'blocked', saw: 'nothing is known of the server that was stopped, so nothing can prove it gone' };
  const storage = await tools.objects.readStorage(claim);
  if (!storage.ok) return { kind: 'unknown', saw: `the claim and its volume cannot be read: ${storage.reason}` };
  const list = await tools.cluster.list();
  if (!list.ok) return { kind: 'unknown', saw: `pods and nodes cannot be listed: ${list.reason}` };
  const left = findLeftPods(reference, claim, trace.data, list.value);
  if (left.length > 0) return { kind: 'blocked', saw: `still there: ${listPods(left)}. Retry when they are gone` };
  // After the list: a renewal later than these is later than the pods.
  const leases = await readLeases(tools, nodesOf({ trace: trace.data, storage: storage.value }));
  if (!leases.ok) return { kind: 'unknown', saw: leases.reason };
  const note: LeasesBefore = { leases: leases.value, at: tools.clock.now() };
  return { kind: 'acted', saw: `no pod is left; the Leases of ${Object.keys(note.leases).join(', ')} are noted`, note };
}

async function verify(call: StepCall<Params>): Promise<Verified> {
  const {
    params: { workload: reference, claim },
    own,
    tools,
  } = call;
  const trace = serverTraceSchema.safeParse(call.noted(STOP_SERVER));
  const before = leasesBeforeSchema.safeParse(own);
  if (!trace.success || !before.success)
    return { kind: 'failed', saw: 'nothing is known of the server that was stopped, so nothing can prove it gone' };
  const proof = await readProof(tools, { reference, claim, trace: trace.data, before: before.data });
  switch (proof.kind) {
    case 'proven':
      return { kind: 'holds', saw: proof.saw };
    case 'not-yet':
      return { kind: 'waiting', saw: proof.saw };
    case 'never':
      return { kind: 'failed', saw: proof.saw };
    case 'unreadable':
      return { kind: 'unknown', saw: proof.saw };
  }
}

function manual({ workload, claim }: Params): readonly ManualCommand[] {
  return [
    findNoteByHand(workload, claim),
    {
      say: 'It takes 15 s, and must print PROVEN: its pods are gone, its node lives, and no node has its volume in use.',
      run: proveByHand(workload, claim),
      otherwise:
        'NOT PROVEN: wait, and run it again, for 5 min. Not then either: stop here, and never start the server. Two servers on one data directory lose rows. A node that is not Ready must be powered off at the provider first; release the clients meanwhile only if they can do without the database.',
    },
  ];
}
