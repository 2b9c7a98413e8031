import { nameApplication } from '../../model/application.ts';
import { formatDuration } from '../../model/duration.ts';
import type { SessionGroup } from '../../model/session-group.ts';
import { describeAge } from '../describe-age.ts';
import { describeOldest, describeOrigin } from '../describe-oldest.ts';
import { judge } from '../judge.ts';
import { type Rule, unknownFinding } from '../rule.ts';
import { HIDDEN, lookAt, trustStanding } from '../sight.ts';

/** Backups and migrations take long by nature: those of the `protect` list are left aside (product.md §4), the bot too. */
export default {
  id: 'long-transaction',
  scope: 'database',
  severity: 'warning',
  for: '0s',
  summary:
    'A transaction has been open for long: VACUUM cannot remove what died since it began. Applications on the `protect` list are left aside.',
  firstStep:
    'Ask the owner of the application whether it is meant to run. One that only idles can be ended with /db kill-stale, which rolls it back.',
  options: {
    fire: { type: 'duration', default: '30m', meaning: 'Fires when the oldest transaction has been open for so long.' },
    clear: { type: 'duration', default: '30m', meaning: 'Resolves when the oldest is younger, or there is none.' },
  },
  evaluate(view, settings) {
    const sight = lookAt(view.snapshot);
    if (!sight.ok) return [unknownFinding(SUBJECT, `the transactions are unknown: ${sight.reason}`)];
    const { fire, clear } = settings;
    const spared = new Set(view.protect);
    const counts = (session: Pick<SessionGroup, 'own' | 'applicationName'>): boolean =>
      !session.own && !spared.has(session.applicationName);
    const [oldest] = sight.sessions.filter(counts).toSorted((a, b) => ageOf(b) - ageOf(a));
    const value = oldest === undefined ? 0 : ageOf(oldest);
    const standing = trustStanding(judge(value, fire.value, clear.value), sight);
    if (standing === 'unknown') return [unknownFinding(SUBJECT, `the transactions are unknown: ${HIDDEN}`)];
    const base = { subject: SUBJECT, standing, value, fireAt: fire.value, unit: 'duration' as const, impact: '' };
    if (standing === 'clear' || oldest === undefined) {
      const headline = `no transaction has been open for ${formatDuration(clear.value)}`;
      return [{ ...base, headline, evidence: '' }];
    }
    const name = nameApplication(oldest, view.applications);
    return [
      {
        ...base,
        headline: `a transaction of ${name} has been open for ${describeAge(value)}`,
        evidence:
          describeOldest(view, clear.value, (session) => (counts(session) ? session.transactionMs : null)) ||
          `It comes ${describeOrigin(oldest.address)}.`,
      },
    ];
  },
} satisfies Rule;

const SUBJECT = 'transactions';

/** Zero where no transaction is open. */
function ageOf({ oldestTransactionMs }: SessionGroup): number {
  return oldestTransactionMs ?? 0;
}
