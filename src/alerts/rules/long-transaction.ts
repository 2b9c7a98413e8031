import { formatDuration } from '../../model/duration.ts';
import { describeOldest, wholeMinutes } from '../describe-session.ts';
import { judge } from '../judge.ts';
import { type Rule, unknownFinding } from '../rule.ts';
import { lookAt, trustStanding } from '../sight.ts';

/** It keeps vacuum from cleaning up behind it, in every database of the server. */
export default {
  id: 'long-transaction',
  scope: 'database',
  severity: 'warning',
  for: '0s',
  summary: 'A transaction has been open for long; the tools of the `protect` list aside.',
  firstStep: 'Ask its owner whether it still works; a forgotten one is ended.',
  options: {
    fire: { type: 'duration', default: '30m', meaning: 'Fires when the oldest transaction is so old.' },
    clear: { type: 'duration', default: '30m', meaning: 'Resolves when the oldest is younger.' },
  },
  evaluate({ snapshot, activity, applications, protect }, settings) {
    const sight = lookAt(snapshot);
    if (!sight.ok) return [unknownFinding('transactions', `the transactions are unknown: ${sight.reason}`)];
    const looked = sight.sessions.filter(({ own, applicationName }) => !own && !protect.includes(applicationName));
    const oldestMs = Math.max(0, ...looked.map(({ oldestTransactionMs }) => oldestTransactionMs ?? 0));
    return [
      {
        subject: 'transactions',
        standing: trustStanding(judge(oldestMs, settings.fire.value, settings.clear.value), sight),
        value: oldestMs,
        fireAt: null,
        unit: 'duration',
        headline: `a transaction has been open for ${formatDuration(wholeMinutes(oldestMs))}`,
        evidence: describeOldest(activity, applications, (session) =>
          protect.includes(session.applicationName) ? null : session.transactionMs,
        ),
        impact: '',
      },
    ];
  },
} satisfies Rule;
