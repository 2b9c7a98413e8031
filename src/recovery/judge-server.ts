import type { ClusterState, Pod } from '../model/cluster.ts';
import type { Storage, Workload } from '../model/workload.ts';
import { formatWorkloadReference, type WorkloadReference } from '../model/workload-reference.ts';
import { judgeManagers } from './judge-managers.ts';
import { isSame } from './reference-param.ts';
import { findOwnPods, findServerPods, isOwnedBy, listPods, mountsClaim, nameInUse } from './server-trace.ts';

/** The server as it runs, before anything is touched. */
export interface RunningServer {
  readonly reference: WorkloadReference;
  readonly claim: WorkloadReference;
  readonly workload: Workload;
  readonly state: ClusterState;
  readonly storage: Storage | null;
  /** Every workload of its namespace. */
  readonly neighbours: readonly Workload[];
}

/** Why it must not be stopped by this program, each with what to do; empty: it may. The planner and the step ask the same. Pure. */
export function findServerFaults(server: RunningServer): readonly string[] {
  const pods = findServerPods(server.reference, server.claim, server.state);
  return [...judgeWorkload(server), ...judgePods(server, pods), ...judgeStorage(server, pods)];
}

function judgeWorkload({ reference, claim, workload, neighbours }: RunningServer): readonly string[] {
  const name = formatWorkloadReference(reference);
  const { desired, heldReplicas, paused } = workload;
  const others = neighbours.filter((each) => mountsClaim(claim, each) && !isSame(each.reference, reference));
  return [
    ...judgeManagers(workload).refusals,
    ...(paused ? [`${name} is paused: somebody works on it. Resume its rollout first.`] : []),
    ...(desired === 0
      ? [
          `${name} is at 0 already${typeof heldReplicas === 'number' ? `, and had ${heldReplicas}` : ''}: nobody saw its server go, so nothing proves that it is gone. See /runbook, and look before you scale it back.`,
        ]
      : []),
    ...(desired > 1
      ? [`${name} has ${desired} replicas: this restarts one server, and cannot tell which is which.`]
      : []),
    ...(desired > 0 && heldReplicas !== null
      ? [
          `${name} runs, and its annotation breakwater.dev/held-replicas is still there: somebody scaled it by hand. Take the annotation away first.`,
        ]
      : []),
    ...others.map(
      (each) =>
        `${formatWorkloadReference(each.reference)} mounts the claim ${claim.name} too: it could write into the data directory. Take the claim out of it first.`,
    ),
  ];
}

function judgePods({ reference, state, workload }: RunningServer, pods: readonly Pod[]): readonly string[] {
  const strangers = pods.filter((pod) => !isOwnedBy(reference, pod));
  const own = findOwnPods(reference, state);
  const ended = own.filter(({ phase }) => phase === 'Failed' || phase === 'Succeeded');
  const homeless = own.filter((pod) => pod.node === null && !ended.includes(pod));
  const notReady = state.nodes.filter(({ name, ready }) => ready !== 'True' && own.some(({ node }) => node === name));
  const lost = own.filter(({ node }) => node !== null && !state.nodes.some(({ name }) => name === node));
  return [
    ...(own.length === 0 && workload.desired > 0
      ? ['No pod of the server is there: nobody saw the old one go, so nothing proves that it is gone.']
      : []),
    ...(ended.length > 0
      ? [
          `${listPods(ended)}: ended, and still listed, so it would never be gone. Delete it first (kubectl delete pod).`,
        ]
      : []),
    ...(homeless.length > 0
      ? [`${listPods(homeless)} has no node yet: where the server runs cannot be told. Wait until it has one.`]
      : []),
    ...(strangers.length > 0
      ? [`${listPods(strangers)} mounts the claim too, and is no pod of the server. End it first.`]
      : []),
    ...notReady.map(
      ({ name }) =>
        `The node ${name} under the server is not Ready: that the server is gone could not be proven there. Wait until it is back.`,
    ),
    ...(lost.length > 0 ? [`${listPods(lost)} is on a node that the cluster does not have any more.`] : []),
  ];
}

function judgeStorage({ claim, storage, state }: RunningServer, pods: readonly Pod[]): readonly string[] {
  if (storage === null) return [`The claim ${formatWorkloadReference(claim)} does not exist: correct \`claim\`.`];
  if (storage.volume === null)
    return [`The claim ${formatWorkloadReference(claim)} is not bound to a volume (${storage.claim.phase}).`];
  const volume = nameInUse(storage.volume);
  if (volume === null)
    return [
      `The volume ${storage.volume.name} is of no CSI driver: no node tells whether it is in use, so nothing would prove that the old server is gone.`,
    ];
  const isSeen =
    storage.attachments.some(({ attached }) => attached) ||
    state.nodes.some(({ volumesInUse }) => volumesInUse.includes(volume));
  if (pods.length > 0 && !isSeen)
    return [
      `No node says that it has the volume ${storage.volume.name}: that it is in use nowhere would prove nothing afterwards.`,
    ];
  if (pods.length > 0 && !pods.some((pod) => pod.claims.includes(claim.name)))
    return [`No pod of the server mounts the claim ${claim.name}: correct \`claim\`.`];
  return [];
}
