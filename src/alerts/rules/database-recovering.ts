import { NOBODY_TRIES, VERDICT_MEANINGS, type Verdict } from '../../model/admission.ts';
import { describeImpact } from '../describe-impact.ts';
import { type Finding, type Rule, type Standing, unknownFinding } from '../rule.ts';
import { lookAt } from '../sight.ts';

/** An OOM-killed PostgreSQL in crash recovery needed nothing but patience (product.md §1). */
export default {
  id: 'database-recovering',
  scope: 'database',
  severity: 'warning',
  for: '0s',
  summary:
    'PostgreSQL starts up or recovers from a crash: it refuses clients until it is done. Resolves when it lets one log in, or refuses one for a reason that only a running server has.',
  firstStep: 'Wait, do not recover: a restart would begin the recovery again.',
  options: {},
  evaluate(view) {
    const { admission } = view.snapshot;
    const speak = (standing: Standing, parts: Pick<Finding, 'headline' | 'firstStep'>): readonly Finding[] => [
      { subject: SUBJECT, standing, value: null, fireAt: null, evidence: '', impact: describeImpact(view), ...parts },
    ];
    if (!admission.ok) {
      // Without a canary, the held session that answers is the client that got in.
      if (admission.reason === NOBODY_TRIES && lookAt(view.snapshot).ok) return speak('clear', { headline: OVER });
      return [unknownFinding(SUBJECT, `whether it recovers is unknown: ${admission.reason}`)];
    }
    const { verdict } = admission.value;
    const { fact, next } = VERDICT_MEANINGS[verdict];
    switch (STANDINGS[verdict]) {
      case 'firing':
        return speak('firing', { headline: `${fact}: wait, do not recover`, firstStep: next });
      case 'holding':
        return speak('holding', { headline: `the recovery is out of sight: ${fact}`, firstStep: next });
      case 'clear':
        return speak('clear', { headline: verdict === 'admitted' ? OVER : `${OVER}, but ${fact}` });
    }
  },
} satisfies Rule;

const SUBJECT = 'server';
const OVER = 'PostgreSQL is up';

/**
 * `clear` is what only a running server answers: the postmaster refuses with 57P03 before it looks at slots, roles or
 * databases. The other failures hold: a server that crashes again and again is one alert and not many, and nothing turns
 * green while it is gone. Held, it takes on the new fact and its advice, so that "wait" never stands beside what
 * database-unreachable says of the same failure.
 */
const STANDINGS: Readonly<Record<Verdict, 'firing' | 'holding' | 'clear'>> = {
  starting: 'firing',
  'crash-recovery': 'firing',
  admitted: 'clear',
  'only-reserved-left': 'clear',
  'completely-full': 'clear',
  'half-authenticated': 'clear',
  'role-limit': 'clear',
  'database-limit': 'clear',
  'auth-refused': 'clear',
  'no-such-database': 'clear',
  'read-only': 'clear',
  'shutting-down': 'holding',
  stopped: 'holding',
  frozen: 'holding',
  unreachable: 'holding',
  'tls-failed': 'holding',
  unrecognised: 'holding',
};
