import type { WatchedWorkload } from '../../model/place.ts';
import { newestScheduled } from '../../model/pods-of.ts';
import { describeMoment } from '../describe-age.ts';
import { ANY_SUBJECT, type Rule, unknownFinding } from '../rule.ts';

/** The node under PostgreSQL: under any of its pods that has not gone. NotReady says that its kubelet is silent, not that its processes are dead. */
export default {
  id: 'node-not-ready',
  scope: 'cluster',
  severity: 'critical',
  for: '15s',
  summary: 'The node under PostgreSQL is not Ready, or nobody knows whether it is.',
  firstStep:
    'Wait and look: it may come back within minutes. NotReady proves nothing about what runs there: never force-delete its pods, a second server would write to the same data directory.',
  options: {},
  evaluate({ place: { node, workload } }) {
    if (node === null) return [];
    // Which node it was about is not known either.
    if (!node.ok) return [unknownFinding(ANY_SUBJECT, `the node under PostgreSQL is unknown: ${node.reason}`)];
    if (node.value === null) return [];
    const { name, ready, readySince, readyReason, taints, unschedulable } = node.value;
    const since = readySince === null ? '' : ` since ${describeMoment(readySince)}`;
    const why = readyReason === '' ? '' : `: ${readyReason}`;
    const state = ready === 'Unknown' ? 'its kubelet is silent' : 'its kubelet says so';
    return [
      {
        subject: name,
        standing: ready === 'True' ? 'clear' : 'firing',
        value: null,
        fireAt: null,
        headline:
          ready === 'True' ? `the node ${name} is Ready` : `the node ${name} is NotReady${since} (${state})${why}`,
        evidence: [
          ...(unschedulable ? ['It is cordoned: no new pod is scheduled there.'] : []),
          ...describeSuccessor(workload, name),
          ...(taints.length === 0 ? [] : [`Taints: ${taints.slice(0, 4).join(', ')}.`]),
        ].join(' '),
        impact: '',
      },
    ];
  },
} satisfies Rule;

/** Kubernetes has put the next pod elsewhere: it cannot start while the volume is held here. */
function describeSuccessor(workload: WatchedWorkload | null, node: string): readonly string[] {
  const next = workload?.pods.ok ? newestScheduled(workload.pods.value) : null;
  return next === null || next.node === node || next.node === null
    ? []
    : [`The next pod, ${next.name}, waits on ${next.node} for what this one holds.`];
}
