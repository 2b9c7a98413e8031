import { usableConnections } from '../../model/capacity.ts';
import { formatDuration } from '../../model/duration.ts';
import { measureRise } from '../../model/measure-rise.ts';
import { TREND_MS } from '../../model/read-trend.ts';
import { extraOption } from '../../model/rule-options.ts';
import { countSessions } from '../../model/session-group.ts';
import { tallyApplications } from '../../model/tally.ts';
import { resolveThreshold } from '../../model/threshold.ts';
import { describeGrowth, describeHolders } from '../describe-holders.ts';
import { describeImpact } from '../describe-impact.ts';
import { judge } from '../judge.ts';
import { type Rule, type Standing, unknownFinding } from '../rule.ts';
import { atLeast, lookAt, trustStanding } from '../sight.ts';

/** A surge: what would have shown one of the incidents five minutes before saturation (product.md §1). */
export default {
  id: 'connections-rising',
  scope: 'database',
  severity: 'warning',
  for: '0s',
  summary: 'The connections rise fast, and most of the usable ones are taken.',
  firstStep: 'See who rose with /db status: a deployment, a retry storm or a leak?',
  // Each of them says the same more urgently, and the clients that come back after an outage are no news of their own.
  quickens: true,
  inhibitedBy: [
    { by: 'database-unreachable', mutes: 'all' },
    { by: 'connections-total', mutes: 'all' },
    { by: 'database-recovering', mutes: 'all' },
  ],
  options: {
    fire: { type: 'count', default: 20, meaning: 'Fires when so many connections are added within `within`.' },
    clear: { type: 'count', default: 5, meaning: 'Resolves below it.' },
    within: { type: 'duration', default: '60s', meaning: 'The time that is looked at, 10m at most.' },
    above: {
      type: 'threshold',
      default: '50%',
      meaning: 'Fires only above this many connections, or share of the usable ones.',
    },
  },
  evaluate({ snapshot, applications, dependents, trend }, settings) {
    const sight = lookAt(snapshot);
    if (!sight.ok) return [unknownFinding('total', `the connections are unknown: ${sight.reason}`)];
    const used = countSessions(sight.sessions);
    const usable = usableConnections(sight.server.capacity);
    const fireAt = settings.fire.value;
    const withinMs = Math.min(extraOption(settings, 'within').value, TREND_MS);
    const rise = measureRise(trend.totals, { at: snapshot.sessions.at, total: used }, withinMs);
    const isAbove = used > resolveThreshold(extraOption(settings, 'above'), usable);
    const standing = judge(rise.by, fireAt, settings.clear.value);
    if (!rise.whole && standing !== 'firing')
      return [unknownFinding('total', 'the connections are seen too short a time')];
    const tallies = tallyApplications(sight.sessions, applications);
    return [
      {
        subject: 'total',
        standing: trustStanding(isAbove ? standing : quieten(standing), sight),
        value: rise.by,
        // Where it cannot fire it is not near to firing.
        fireAt: isAbove ? fireAt : null,
        // What clients come back to after an outage is no rise: the number is what goes beyond the usual.
        headline:
          standing === 'clear'
            ? `connections rise no longer: ${atLeast(used, sight)} in use, ${usable} usable`
            : `${Math.round(rise.by)} connections more than usual within ${formatDuration(withinMs)}: ${atLeast(used, sight)} in use, ${usable} usable`,
        evidence: describeGrowth(trend.growth ?? []) || describeHolders(tallies),
        impact: describeImpact({ applications, dependents }),
      },
    ];
  },
} satisfies Rule;

/** Below `above` nothing fires; what fires goes on until the rise is over, else it would flap at that edge. */
function quieten(standing: Standing): Standing {
  return standing === 'firing' ? 'holding' : standing;
}
