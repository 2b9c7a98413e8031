import { usableConnections } from '../../model/capacity.ts';
import { countSessions } from '../../model/session-group.ts';
import { tallyApplications } from '../../model/tally.ts';
import { describeHolders } from '../describe-holders.ts';
import { describeImpact } from '../describe-impact.ts';
import { judge } from '../judge.ts';
import { type Rule, unknownFinding } from '../rule.ts';
import { atLeast, lookAt, trustStanding } from '../sight.ts';
import { totalThresholds } from '../total-thresholds.ts';

/** Every client backend counts, the bot's own too (product.md §4). */
export default {
  id: 'connections-total',
  scope: 'database',
  severity: 'critical',
  for: '0s',
  summary: 'The client connections come near max_connections.',
  firstStep:
    'See who holds the most with /db status; end what nobody needs with /db kill-stale before the last slot is gone.',
  quickens: true,
  inhibitedBy: [{ by: 'database-unreachable', mutes: 'repeats' }],
  options: {
    fire: {
      type: 'threshold',
      default: '90%',
      meaning: 'Fires at this many connections, or share of max_connections; at the last usable one at the latest.',
    },
    clear: { type: 'threshold', default: '80%', meaning: 'Resolves below it.' },
  },
  evaluate({ snapshot, applications, dependents }, settings) {
    const sight = lookAt(snapshot);
    if (!sight.ok) return [unknownFinding('total', `the connections are unknown: ${sight.reason}`)];
    const { capacity } = sight.server;
    const used = countSessions(sight.sessions);
    const { fireAt, clearBelow } = totalThresholds(settings, capacity);
    const tallies = tallyApplications(sight.sessions, applications);
    return [
      {
        subject: 'total',
        standing: trustStanding(judge(used, fireAt, clearBelow), sight),
        value: used,
        fireAt,
        unit: 'count',
        headline: `${atLeast(used, sight)} of ${capacity.max} connections in use, ${usableConnections(capacity)} usable`,
        evidence: describeHolders(tallies),
        impact: describeImpact({ applications, dependents }),
      },
    ];
  },
} satisfies Rule;
