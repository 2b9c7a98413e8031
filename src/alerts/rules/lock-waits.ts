import { formatDuration } from '../../model/duration.ts';
import { extraOption } from '../../model/rule-options.ts';
import { describeOwner } from '../describe-session.ts';
import { judge } from '../judge.ts';
import { type Rule, unknownFinding } from '../rule.ts';

/** A queue behind one lock: each waiter holds a connection, and soon all of them do. */
export default {
  id: 'lock-waits',
  scope: 'database',
  severity: 'warning',
  for: '0s',
  summary: 'Several sessions have been waiting for a lock for long.',
  firstStep: 'Find the session that the first of them waits for: it is often idle in a transaction.',
  options: {
    fire: { type: 'count', default: 5, meaning: 'Fires when so many sessions wait.' },
    clear: { type: 'count', default: 1, meaning: 'Resolves when fewer wait: none, unless you say.' },
    waiting: { type: 'duration', default: '60s', meaning: 'Counts who has been waiting for so long.' },
  },
  evaluate({ snapshot: { signals }, applications }, settings) {
    if (!signals.ok) return [unknownFinding('locks', `who waits for locks is unknown: ${signals.reason}`)];
    const leastMs = extraOption(settings, 'waiting').value;
    const waiting = signals.value.lockWaits.filter(({ waitedMs }) => waitedMs >= leastMs);
    const [first] = waiting;
    return [
      {
        subject: 'locks',
        standing: judge(waiting.length, settings.fire.value, settings.clear.value),
        value: waiting.length,
        fireAt: null,
        unit: 'count',
        headline: `${waiting.length} sessions have been waiting for a lock for ${formatDuration(leastMs)} or more`,
        evidence: first ? `The first is pid ${first.pid} of ${describeOwner(first, applications)}.` : '',
        impact: '',
      },
    ];
  },
} satisfies Rule;
