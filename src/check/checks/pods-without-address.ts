import { isTerminal } from '../../model/cluster.ts';
import { formatDuration } from '../../model/duration.ts';
import { type Check, fine, unknown, warning } from '../check.ts';

/** A pod gets its address within seconds; one that waits for so long is stuck. */
const STUCK_AFTER_MS = 600_000;
/** So many are named. */
const MOST_NAMED = 5;

export default {
  area: 'kubernetes',
  scope: 'cluster',
  summary: 'No scheduled pod is stuck without an address: while one is, no younger session can be called orphaned.',
  judge({ state }) {
    const subject = 'pods';
    if (!state.ok) return [unknown(subject, state.reason)];
    const waits = ({ scheduledAt, createdAt }: (typeof state.value.pods)[number]): number =>
      state.at - (scheduledAt ?? createdAt);
    const stuck = state.value.pods
      .filter((pod) => !isTerminal(pod) && pod.node !== null && pod.addresses.length === 0)
      .filter((pod) => waits(pod) >= STUCK_AFTER_MS)
      .toSorted((a, b) => waits(b) - waits(a));
    const [longest] = stuck;
    if (longest === undefined) return [fine(subject, 'every scheduled pod has its address')];
    const named = stuck.slice(0, MOST_NAMED).map(({ namespace, name }) => `${namespace}/${name}`);
    return [
      warning(subject, {
        what: `scheduled for up to ${formatDuration(waits(longest))} and without an address: ${named.join(', ')}${stuck.length > MOST_NAMED ? ', …' : ''}`,
        why: 'Any session that began since may be theirs: until they start or are deleted, /db kill-stale calls none of these orphaned.',
        mend: stuck
          .slice(0, MOST_NAMED)
          .map(({ namespace, name }) => `kubectl --namespace ${namespace} describe pod ${name}`)
          .join('\n'),
      }),
    ];
  },
} satisfies Check;
