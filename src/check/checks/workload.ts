import type { Observed } from '../../model/observed.ts';
import type { Workload } from '../../model/workload.ts';
import { type Check, fault, fine, type Judgement, unknown, warning } from '../check.ts';
import { judgeMissing } from '../judge-missing.ts';
import { kubectl, kubectlPatch } from '../kubectl.ts';

export default {
  area: 'kubernetes',
  scope: 'cluster',
  summary: "The database's workload exists, runs one replica, is replaced with `Recreate`, and nobody else manages it.",
  judge: ({ workloads }, { databases }) =>
    databases.flatMap(({ workload }) => (workload === undefined ? [] : judgeFound(workload, workloads.get(workload)))),
} satisfies Check;

function judgeFound(reference: string, found: Observed<Workload | null> | undefined): readonly Judgement[] {
  if (!found?.ok) return [unknown(reference, found?.reason ?? 'nobody looked')];
  if (found.value === null) return [judgeMissing(reference, 'Its pods, and whether they are well, are unknown.')];
  const workload = found.value;
  const findings = [
    ...judgeReplicas(reference, workload),
    ...judgeStrategy(reference, workload),
    ...judgeManagers(reference, workload),
  ];
  return findings.length > 0 ? findings : [fine(reference, `one replica, ${workload.strategy}`)];
}

function judgeReplicas(reference: string, { desired, reference: { kind } }: Workload): readonly Judgement[] {
  const scale = `${kubectl('scale', reference)} --replicas=1`;
  if (desired === 0)
    return [
      warning(`${reference}: replicas`, {
        what: 'it is scaled to 0: no PostgreSQL runs',
        why: 'Everything that depends on it is down.',
        mend: scale,
      }),
    ];
  if (desired === 1) return [];
  // Replicas of a StatefulSet have a claim each; those of a Deployment share one.
  if (kind === 'statefulset')
    return [
      warning(`${reference}: replicas`, {
        what: `it has ${desired} replicas`,
        why: 'Breakwater recovers a single server; what fails over has its own ways.',
        mend: `Recover it with what manages its replication; or, where they replicate nothing:\n${scale}`,
      }),
    ];
  return [
    fault(`${reference}: replicas`, {
      what: `it has ${desired} replicas`,
      why: 'Two servers on one data directory destroy it, and postmaster.pid does not protect across containers.',
      mend: scale,
    }),
  ];
}

/** facts.md, Kubernetes 3: a rolling update starts the new server beside the old one. */
function judgeStrategy(reference: string, { strategy, reference: { kind } }: Workload): readonly Judgement[] {
  if (kind !== 'deployment' || strategy === 'Recreate') return [];
  return [
    warning(`${reference}: strategy`, {
      what: `its strategy is ${strategy}`,
      why: 'At an update it starts a second server on the same data directory, or hangs on the volume.',
      mend: kubectlPatch(reference, { spec: { strategy: { type: 'Recreate', rollingUpdate: null } } }),
    }),
  ];
}

function judgeManagers(reference: string, { managers }: Workload): readonly Judgement[] {
  if (managers.length === 0) return [];
  return [
    warning(`${reference}: managers`, {
      what: `it is managed by ${managers.join(', ')}`,
      why: 'What the bot scales or deletes, that puts back: a recovery would be fought over.',
      mend: 'Recover it with that, or pause that first; breakwater refuses rungs 4 to 6, or warns.',
    }),
  ];
}
