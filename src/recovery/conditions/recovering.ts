import { formatDuration } from '../../model/duration.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { type Signs, timeOf } from '../signs.ts';

const LATELY_MS = 15 * 60_000;

/** PostgreSQL starts, or replays its log after a crash: whatever else is wrong, it is left to it (product.md §4). */
export function findRecovering(signs: Signs): Diagnosis | null {
  const { verdict, facts } = signs;
  if (verdict !== 'starting' && verdict !== 'crash-recovery') return null;
  const recovering = verdict === 'crash-recovery';
  return {
    condition: verdict,
    headline: `PostgreSQL ${recovering ? 'is in crash recovery: it replays its log' : 'is starting up'}, and lets nobody in yet`,
    advice: {
      kind: 'wait',
      until: 'until new connections are admitted; look again in 2 min with /db status',
    },
    reasons: [
      ...listEnds(signs),
      'It mends itself: no session is there to end, and no application holds it up.',
      'Not `restart`, nor anything harsher: a restart begins the recovery again from its start.',
      ...(facts.workload === null ? [] : ['If it ends again before it is done, see why: kubectl logs --previous.']),
    ],
  };
}

/** An out-of-memory kill is followed by a recovery (product.md §1): told, and no reason to do anything now. */
function listEnds({ pods, facts: { at } }: Signs): readonly string[] {
  return (pods ?? []).flatMap(({ name, containers }) =>
    containers.flatMap(({ lastEnd, restarts }) => {
      if (lastEnd === null || (lastEnd.at !== null && at - lastEnd.at > LATELY_MS)) return [];
      const when = lastEnd.at === null ? '' : ` at ${timeOf(lastEnd.at)}, ${formatDuration(at - lastEnd.at)} ago`;
      const often = restarts > 1 ? ` It has been started again ${restarts} times.` : '';
      return [`${name} ended last with ${lastEnd.reason}${when}.${often}`];
    }),
  );
}
