import { nameApplication } from '../../model/application.ts';
import { formatDuration } from '../../model/duration.ts';
import type { SessionGroup, SessionState } from '../../model/session-group.ts';
import { describeAge } from '../describe-age.ts';
import { describeOldest, describeOrigin } from '../describe-oldest.ts';
import { judge } from '../judge.ts';
import { type Rule, unknownFinding } from '../rule.ts';
import { HIDDEN, lookAt, trustStanding } from '../sight.ts';

/** Such a session keeps its locks and its slot, and holds up VACUUM. */
export default {
  id: 'idle-in-transaction',
  scope: 'database',
  severity: 'warning',
  for: '0s',
  summary:
    'A session has begun a transaction and does nothing: it keeps its locks, and VACUUM cannot clean up behind it.',
  firstStep:
    'Ask the owner of the application what it waits for. /db kill-stale kind: idle-in-transaction ends such sessions, which rolls their transactions back.',
  options: {
    fire: {
      type: 'duration',
      default: '5m',
      meaning: 'Fires when the oldest has been idle in a transaction for so long.',
    },
    clear: { type: 'duration', default: '5m', meaning: 'Resolves when the oldest is younger, or there is none.' },
  },
  evaluate(view, settings) {
    const sight = lookAt(view.snapshot);
    if (!sight.ok) return [unknownFinding(SUBJECT, `the idle transactions are unknown: ${sight.reason}`)];
    const { fire, clear } = settings;
    const idle = sight.sessions.filter(({ state }) => IDLE.has(state));
    // Of an age that the server did not give, only that it may be any.
    const whole = sight.whole && idle.every(({ longestInStateMs }) => longestInStateMs !== null);
    const [oldest] = idle.toSorted((a, b) => ageOf(b) - ageOf(a));
    const value = oldest === undefined ? 0 : ageOf(oldest);
    const standing = trustStanding(judge(value, fire.value, clear.value), { whole });
    if (standing === 'unknown') return [unknownFinding(SUBJECT, `the idle transactions are unknown: ${HIDDEN}`)];
    const base = { subject: SUBJECT, standing, value, fireAt: fire.value, unit: 'duration' as const, impact: '' };
    if (standing === 'clear' || oldest === undefined) {
      const headline = `no session has been idle in a transaction for ${formatDuration(clear.value)}`;
      return [{ ...base, headline, evidence: '' }];
    }
    const name = nameApplication(oldest, view.applications);
    return [
      {
        ...base,
        headline: `a session of ${name} has been idle in a transaction for ${describeAge(value)}`,
        evidence:
          describeOldest(view, clear.value, ({ state, stateMs }) => (IDLE.has(state) ? stateMs : null)) ||
          `It comes ${describeOrigin(oldest.address)}.`,
      },
    ];
  },
} satisfies Rule;

const SUBJECT = 'sessions';

const IDLE: ReadonlySet<SessionState> = new Set(['idle in transaction', 'idle in transaction (aborted)']);

function ageOf({ longestInStateMs }: SessionGroup): number {
  return longestInStateMs ?? 0;
}
