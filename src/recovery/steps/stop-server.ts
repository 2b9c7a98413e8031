import { z } from 'zod';
import { formatWorkloadReference } from '../../model/workload-reference.ts';
import { findServerFaults } from '../judge-server.ts';
import { noteServerByHand, SERVER_BEFORE, startByHand } from '../prove-by-hand.ts';
import { nodesOf } from '../prove-server-gone.ts';
import { referenceParam } from '../reference-param.ts';
import { awaitPodsGoneByHand, scaleToZeroByHand } from '../scale-by-hand.ts';
import {
  findLeftPods,
  findOwnPods,
  listPods,
  nameInUse,
  PROVE_STOPPED,
  type ServerTrace,
  serverTraceSchema,
} from '../server-trace.ts';
import { actStart, checkStart, type Stopped, verifyStart } from '../start-proven.ts';
import type { RecoveryStep, Standing, StepCall, Verified } from '../step.ts';

type Params = z.infer<typeof params>;
const params = z.object({ workload: referenceParam, claim: referenceParam });

export default {
  kind: 'stop-server',
  summary:
    "Notes the server's pods and nodes, and scales its workload to 0, its replicas remembered. No pod is ever forced.",
  params,
  // A fast stop takes 0.2 s, a smart one waits for its clients until the grace is over (facts.md, Kubernetes 2), and a pod's grace may be minutes.
  deadlineMs: 5 * 60_000,
  skip: null,
  title: ({ workload }) => `Scale ${formatWorkloadReference(workload)} to 0`,
  manual: ({ workload, claim }) => [
    {
      say: `Writes down where the server runs, into the file ${SERVER_BEFORE}, and prints it: "nodes" must name a node.`,
      // That of a former stop would name where the server was then.
      run: `[ ! -e ${SERVER_BEFORE} ] || mv ${SERVER_BEFORE} ${SERVER_BEFORE}.old\n${noteServerByHand(workload, claim)}`,
      otherwise:
        'Nothing is printed, or no node: the server has no pod, and nobody could prove it gone. Stop here: this rung does not fit. Where you have stopped it just now: its file is server-before.old; mv server-before.old server-before, and go on with the proof.',
    },
    scaleToZeroByHand(workload, `cat ${SERVER_BEFORE}`),
    awaitPodsGoneByHand(workload, {
      ended: true,
      otherwise:
        'Still Terminating after 5 min: never force it, its process may live on. See kubectl get nodes: where its node is not Ready, stop here; it must be powered off at the provider before anything is started.',
    }),
  ],
  check,
  async act({ params: { workload: reference }, own, tools }) {
    const { data } = serverTraceSchema.safeParse(own);
    if (!data) return { kind: 'refused', reason: 'Its pods were not noted, so it could not be proven gone.' };
    return await tools.changes.scale({ reference, uid: data.uid, from: data.replicas, to: 0, held: 'remember' });
  },
  verify,
  undo: {
    title: ({ workload }) => `Scale ${formatWorkloadReference(workload)} back, once the old server is proven gone`,
    manual: ({ workload, claim }) => startByHand(workload, claim),
    check: (call) => checkStart(call.tools, stoppedOf(call)),
    act: (call) => actStart(call.tools, stoppedOf(call)),
    verify: (call) => verifyStart(call.tools, stoppedOf(call)),
  },
} satisfies RecoveryStep<Params>;

function stoppedOf(call: StepCall<Params>): Stopped {
  const { workload, claim } = call.params;
  return { reference: workload, claim, trace: call.own, before: call.noted(PROVE_STOPPED) };
}

async function check({ params: { workload: reference, claim }, own, tools }: StepCall<Params>): Promise<Standing> {
  const name = formatWorkloadReference(reference);
  const before = serverTraceSchema.safeParse(own).data ?? null;
  const read = await tools.objects.readWorkload(reference);
  if (!read.ok) return { kind: 'unknown', saw: `${name} cannot be read: ${read.reason}` };
  if (read.value === null) return { kind: 'blocked', saw: `${name} does not exist any more: plan again` };
  const workload = read.value;
  if (before !== null && workload.uid !== before.uid)
    return { kind: 'blocked', saw: `${name} was made anew since its pods were noted: plan again` };
  if (before !== null && workload.desired === 0)
    return { kind: 'acted', saw: `${name} is scaled to 0, and had ${before.replicas}`, note: before };
  const [neighbours, storage] = await Promise.all([
    tools.inventory.listWorkloads(reference.namespace),
    tools.objects.readStorage(claim),
  ]);
  if (!neighbours.ok) return { kind: 'unknown', saw: `other workloads cannot be listed: ${neighbours.reason}` };
  if (!storage.ok) return { kind: 'unknown', saw: `the claim and its volume cannot be read: ${storage.reason}` };
  // Last: a pod that came meanwhile is among them.
  const list = await tools.cluster.list();
  if (!list.ok) return { kind: 'unknown', saw: `pods and nodes cannot be listed: ${list.reason}` };
  const seen = { reference, claim, workload, state: list.value, storage: storage.value, neighbours: neighbours.value };
  const faults = findServerFaults(seen);
  if (faults.length > 0) return { kind: 'blocked', saw: faults.join(' ') };
  const now = findOwnPods(reference, list.value).map(({ uid, name, node }) => ({ uid, name, node: node ?? '' }));
  // One that was noted before and has gone since had a node too, and may have been forced.
  const pods = [...now, ...(before?.pods ?? []).filter(({ uid }) => !now.some((each) => each.uid === uid))];
  const nodes = [...new Set([...pods.map(({ node }) => node), ...(before?.nodes ?? [])])];
  const trace: ServerTrace = {
    uid: workload.uid,
    replicas: workload.desired,
    pods,
    nodes: [...nodesOf({ trace: { ...NOWHERE, nodes }, storage: storage.value })],
    volume: nameInUse(storage.value?.volume ?? null) ?? '',
    at: tools.clock.now(),
  };
  return { kind: 'ready', saw: `${listPods(findOwnPods(reference, list.value))} on ${nodes.join(', ')}`, note: trace };
}

const NOWHERE: ServerTrace = { uid: '', replicas: 1, pods: [], nodes: [], volume: '', at: 0 };

async function verify({ params: { workload: reference, claim }, own, tools }: StepCall<Params>): Promise<Verified> {
  const name = formatWorkloadReference(reference);
  const { data } = serverTraceSchema.safeParse(own);
  if (!data) return { kind: 'failed', saw: 'its pods were not noted, so it cannot be proven gone' };
  const read = await tools.objects.readWorkload(reference);
  if (!read.ok) return { kind: 'unknown', saw: `${name} cannot be read: ${read.reason}` };
  if (read.value === null) return { kind: 'failed', saw: `${name} is gone` };
  if (read.value.desired > 0) return { kind: 'waiting', saw: `${name} is scaled to ${read.value.desired}, not to 0` };
  // Pods, never status: it says 0 while the old one is Terminating (README of the golden answers, 1).
  const list = await tools.cluster.list();
  if (!list.ok) return { kind: 'unknown', saw: `the pods cannot be listed: ${list.reason}` };
  const left = findLeftPods(reference, claim, data, list.value);
  if (left.length > 0) return { kind: 'waiting', saw: `still there: ${listPods(left)}` };
  return { kind: 'holds', saw: `gone: ${data.pods.map((pod) => pod.name).join(', ')}` };
}
