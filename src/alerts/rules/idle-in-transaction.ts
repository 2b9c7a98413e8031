import { formatDuration } from '../../model/duration.ts';
import type { SessionGroup } from '../../model/session-group.ts';
import { describeOldest, wholeMinutes } from '../describe-session.ts';
import { judge } from '../judge.ts';
import { type Rule, unknownFinding } from '../rule.ts';
import { lookAt, trustStanding } from '../sight.ts';

/** It holds its locks, and keeps vacuum from cleaning up, until somebody ends it. */
export default {
  id: 'idle-in-transaction',
  scope: 'database',
  severity: 'warning',
  for: '0s',
  summary: 'A session has been idle in a transaction for long.',
  firstStep: 'Ask its owner whether it waits for anything; if not, end the session.',
  options: {
    fire: {
      type: 'duration',
      default: '5m',
      meaning: 'Fires when the oldest has been idle in its transaction for so long.',
    },
    clear: { type: 'duration', default: '5m', meaning: 'Resolves when the oldest is younger.' },
  },
  evaluate({ snapshot, activity, applications }, settings) {
    const sight = lookAt(snapshot);
    if (!sight.ok) return [unknownFinding('sessions', `the sessions are unknown: ${sight.reason}`)];
    const idle = sight.sessions.filter((group) => !group.own && isIdleInTransaction(group));
    const oldestMs = Math.max(0, ...idle.map(({ longestInStateMs }) => longestInStateMs ?? 0));
    return [
      {
        subject: 'sessions',
        standing: trustStanding(judge(oldestMs, settings.fire.value, settings.clear.value), sight),
        value: oldestMs,
        fireAt: null,
        unit: 'duration',
        headline: `a session has been idle in a transaction for ${formatDuration(wholeMinutes(oldestMs))}`,
        evidence: describeOldest(activity, applications, (session) =>
          isIdleInTransaction(session) ? session.stateMs : null,
        ),
        impact: '',
      },
    ];
  },
} satisfies Rule;

function isIdleInTransaction({ state }: Pick<SessionGroup, 'state'>): boolean {
  return state === 'idle in transaction' || state === 'idle in transaction (aborted)';
}
