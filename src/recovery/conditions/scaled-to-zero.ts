import { HELD_REPLICAS } from '../../model/cluster-changes.ts';
import { formatWorkloadReference } from '../../model/workload-reference.ts';
import type { Diagnosis } from '../diagnosis.ts';
import type { Signs } from '../signs.ts';

/** Somebody, or a recovery of ours, has scaled PostgreSQL to 0: no rung takes that back without proof. */
export function findScaledToZero({ workload, pods, verdict }: Signs): Diagnosis | null {
  if (workload === null || workload.desired > 0) return null;
  // Its last pod may still let clients in, or be on its way down: then that is what is told.
  if (verdict !== null && verdict !== 'stopped' && verdict !== 'unreachable' && verdict !== 'frozen') return null;
  const name = formatWorkloadReference(workload.reference);
  const { namespace, kind, name: bare } = workload.reference;
  const { heldReplicas } = workload;
  const left =
    pods === null ? 'its pods are not seen' : `${pods.length} of its pods ${pods.length === 1 ? 'is' : 'are'} left`;
  const back = typeof heldReplicas === 'number' && heldReplicas > 0 ? heldReplicas : 1;
  return {
    condition: 'scaled-to-zero',
    headline: `${name} is scaled to 0; ${left}`,
    advice: {
      kind: 'by-hand',
      todo: [
        ...(heldReplicas === null
          ? ['Find out who scaled it to 0, and why, before you start it.']
          : [
              'Look for the recovery that holds it, and go on with that one: Resume, Retry or Undo stand on its message.',
            ]),
        'See that no pod of it is left, Terminating ones too, and that its node is Ready: two servers on one data directory lose data.',
        `Then: kubectl --namespace ${namespace} scale ${kind}/${bare} --replicas=${back}`,
        ...(heldReplicas === null
          ? []
          : [`And: kubectl --namespace ${namespace} annotate ${kind}/${bare} ${HELD_REPLICAS}-`]),
      ],
    },
    reasons: [
      heldReplicas === null
        ? `It bears no annotation ${HELD_REPLICAS}: no recovery of Breakwater holds it.`
        : `It is held: its annotation ${HELD_REPLICAS} says ${heldReplicas === 'unreadable' ? 'something that is no number' : `that it had ${heldReplicas}`}.`,
      'No rung fits: each of them ends a server that runs, and none does.',
    ],
  };
}
