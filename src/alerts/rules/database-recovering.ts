import { VERDICT_MEANINGS } from '../../model/admission.ts';
import { type Rule, type Standing, unknownFinding } from '../rule.ts';

/** The OOM-killed Postgres of product.md §1: the right act was to wait. */
export default {
  id: 'database-recovering',
  scope: 'database',
  severity: 'warning',
  for: '0s',
  summary: 'PostgreSQL is starting or in crash recovery: it comes back by itself.',
  firstStep: 'Wait, do not recover: a restart would begin the recovery again.',
  options: {},
  evaluate({ snapshot: { admission } }) {
    if (!admission.ok) return [unknownFinding('server', `the state of the server is unknown: ${admission.reason}`)];
    const { verdict } = admission.value;
    const { fact, lets } = VERDICT_MEANINGS[verdict];
    const recovering = verdict === 'starting' || verdict === 'crash-recovery';
    return [
      {
        subject: 'server',
        standing: recovering ? 'firing' : judgeOther(lets),
        value: null,
        fireAt: null,
        headline: recovering ? `${fact}: wait, do not recover` : `no recovery is under way any more: ${fact}`,
        evidence: '',
        impact: '',
      },
    ];
  },
} satisfies Rule;

/** What is refused otherwise is no recovery: database-unreachable takes over. What lets nobody know ends nothing. */
function judgeOther(lets: 'in' | 'nobody in' | 'unknown'): Standing {
  return lets === 'unknown' ? 'holding' : 'clear';
}
