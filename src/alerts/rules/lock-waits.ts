import { formatDuration } from '../../model/duration.ts';
import { extraOption } from '../../model/rule-options.ts';
import { describeAge } from '../describe-age.ts';
import { describeSession } from '../describe-oldest.ts';
import { judge } from '../judge.ts';
import { type Rule, unknownFinding } from '../rule.ts';
import { atLeast, HIDDEN, lookAtSignals, trustStanding } from '../sight.ts';

/** Sessions that queue behind a lock hold their connections while they do: so a surge begins. */
export default {
  id: 'lock-waits',
  scope: 'database',
  severity: 'warning',
  for: '0s',
  summary: 'Several sessions have waited long for a lock that another one holds.',
  firstStep: 'See with /db locks who holds up whom: the one at the top holds what the others wait for.',
  options: {
    fire: { type: 'count', default: 5, meaning: 'Fires at this many sessions that have waited for `waiting`.' },
    clear: { type: 'count', default: 1, meaning: 'Resolves below it: when none has waited so long.' },
    waiting: { type: 'duration', default: '60s', meaning: 'A session counts once it has waited for so long.' },
  },
  evaluate({ snapshot, applications }, settings) {
    const sight = lookAtSignals(snapshot);
    if (!sight.ok) return [unknownFinding(SUBJECT, `the lock waits are unknown: ${sight.reason}`)];
    const waitingMs = extraOption(settings, 'waiting').value;
    const waits = sight.signals.lockWaits
      .filter(({ waitedMs }) => waitedMs >= waitingMs)
      .toSorted((a, b) => b.waitedMs - a.waitedMs);
    // Nobody is fewer than nobody: with `clear: 0` it would never resolve.
    const clearBelow = Math.max(1, settings.clear.value);
    const count = waits.length;
    const standing = trustStanding(judge(count, settings.fire.value, clearBelow), sight);
    if (standing === 'unknown') return [unknownFinding(SUBJECT, `the lock waits are unknown: ${HIDDEN}`)];
    const shown = waits
      .slice(0, SHOWN)
      .map((wait) => `${describeSession({ ...wait, own: false }, applications)}, for ${describeAge(wait.waitedMs)}`);
    const left = count - shown.length;
    return [
      {
        subject: SUBJECT,
        standing,
        value: count,
        fireAt: settings.fire.value,
        unit: 'count' as const,
        headline: `${atLeast(count, sight)} ${count === 1 ? 'session has' : 'sessions have'} waited ${formatDuration(waitingMs)} or more for a lock`,
        evidence: shown.length === 0 ? '' : `Longest: ${shown.join('; ')}${left > 0 ? ` and ${left} more` : ''}.`,
        impact: '',
      },
    ];
  },
} satisfies Rule;

const SUBJECT = 'locks';
const SHOWN = 3;
