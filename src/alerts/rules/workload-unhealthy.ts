import type { Application } from '../../model/application.ts';
import type { Pod } from '../../model/cluster.ts';
import type { WatchedWorkload } from '../../model/place.ts';
import { cut } from '../../model/plain-text.ts';
import { extraOption } from '../../model/rule-options.ts';
import { formatWorkloadReference } from '../../model/workload-reference.ts';
import { describeMoment } from '../describe-age.ts';
import { describeImpact } from '../describe-impact.ts';
import { type ClusterView, type Finding, type Rule, unknownFinding } from '../rule.ts';
import { findTrouble, isSettling, type Trouble, type TroubleLimits } from '../workload-trouble.ts';

/** One alert per workload: PostgreSQL's own, and each that depends on it (nobody looked at the others on 2020-12-11). */
export default {
  id: 'workload-unhealthy',
  scope: 'cluster',
  severity: 'critical',
  for: '60s',
  summary:
    'PostgreSQL, or a workload that depends on it (then a warning), is short of ready pods. It fires at once on CrashLoopBackOff, OOMKilled, a volume that cannot be attached or mounted, and a workload that is not there.',
  firstStep: 'See what its pods say: kubectl describe pod, and kubectl logs --previous.',
  inhibitedBy: [
    { by: 'node-not-ready', mutes: 'all' },
    { by: 'database-unreachable', mutes: 'repeats' },
  ],
  options: {
    lately: { type: 'duration', default: '10m', meaning: 'For so long after it an out-of-memory kill counts.' },
  },
  evaluate(view, settings) {
    const { workload, dependents } = view.place;
    const limits = { notReadyMs: settings.forMs, latelyMs: extraOption(settings, 'lately').value };
    return (workload === null ? dependents : [workload, ...dependents]).map((each) => judgeOne(each, view, limits));
  },
} satisfies Rule;

function judgeOne(watched: WatchedWorkload, view: ClusterView, limits: TroubleLimits): Finding {
  const { reference, role, workload, pods, events } = watched;
  const subject = formatWorkloadReference(reference);
  // The namespace stands in the key: a phone shows three lines.
  const called = `${reference.kind} ${reference.name}`;
  if (!workload.ok) return unknownFinding(subject, `the state of ${called} is unknown: ${workload.reason}`);
  const base = {
    subject,
    value: null,
    fireAt: null,
    evidence: '',
    impact: impactOf(subject, role, view.applications),
    ...(role === 'dependent' && { severity: 'warning' as const }),
  };
  if (workload.value === null) {
    const headline = `${called} does not exist`;
    return { ...base, standing: 'firing', atOnce: true, headline, firstStep: MISSING };
  }
  if (!pods.ok) return unknownFinding(subject, `the pods of ${called} are unknown: ${pods.reason}`);
  const { desired } = workload.value;
  if (desired === 0) return { ...base, standing: 'clear', headline: `${called} is scaled to 0` };
  const trouble = findTrouble(pods.value, desired, events.ok ? events.value : [], view.now, limits);
  if (trouble !== null) {
    return {
      ...base,
      standing: 'firing',
      atOnce: trouble.clear,
      headline: `${called}: ${trouble.words}`,
      evidence: describeRest(trouble.said, pods.value, watched.events),
      firstStep: FIRST_STEPS[role][trouble.kind],
    };
  }
  if (isSettling(pods.value, view.now, limits)) {
    return { ...base, standing: 'holding', headline: `${called} has just come back, and may crash again` };
  }
  return { ...base, standing: 'clear', headline: `${called} is ready` };
}

/** What else is there: a pod that does not go may hold what the new one needs. */
function describeRest(said: string | null, pods: readonly Pod[], events: WatchedWorkload['events']): string {
  const going = pods.flatMap(({ name, node, terminatingAt }) =>
    terminatingAt === null
      ? []
      : `${name} on ${node ?? 'no node'} is Terminating, its grace ends at ${describeMoment(terminatingAt)}.`,
  );
  return [
    ...(said === null ? [] : [`Kubernetes says: “${cut(said, 300)}”.`]),
    ...going.slice(0, 2),
    ...(events.ok ? [] : [`What the cluster tried is unknown: ${events.reason}.`]),
  ].join(' ');
}

function impactOf(subject: string, role: WatchedWorkload['role'], applications: readonly Application[]): string {
  if (role === 'database') return describeImpact({ applications, dependents: [] });
  return applications.find(({ workload }) => workload === subject)?.impact ?? '';
}

const MISSING = 'Find out who deleted it, and apply its manifest again; or correct its name in the configuration.';
const VOLUME_IN_USE =
  'Find the pod or the node that still holds the volume. Kubernetes lets go by itself once that pod has ended; on a dead node, after six minutes. Never force-delete a pod whose node may be alive: two servers would write to one data directory.';
const MOUNT = 'Read the reason above: the node, its CSI driver, or the volume itself. Change nothing on the volume.';

/** By role and trouble; no names, as they are strangers' words. */
const FIRST_STEPS: Readonly<Record<WatchedWorkload['role'], Readonly<Record<Trouble['kind'], string>>>> = {
  database: {
    'crash-loop':
      'Read why it ended: kubectl logs --previous. It starts again by itself, ever more slowly; deleting its pod mends nothing, and its data stay as they are.',
    'multi-attach': VOLUME_IN_USE,
    mount: MOUNT,
    'out-of-memory':
      'Wait, and do not restart it: it recovers from its log by itself, and a restart begins that anew. Then give it more memory, or fewer connections and less work_mem.',
    'not-ready':
      'See with /db status whether it is in crash recovery: then wait. Else see what its pod says: kubectl describe pod, and kubectl logs.',
  },
  dependent: {
    'crash-loop': 'Read why it ended: kubectl logs --previous. It may only be waiting for the database.',
    'multi-attach': VOLUME_IN_USE,
    mount: MOUNT,
    'out-of-memory': 'It starts again by itself. See what it did then, and whether its memory limit is the right one.',
    'not-ready': 'See what its pods say: kubectl describe pod, and kubectl logs. They may only wait for the database.',
  },
};
