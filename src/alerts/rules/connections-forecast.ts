import { usableConnections } from '../../model/capacity.ts';
import type { Forecast } from '../../model/forecast.ts';
import { formatRise, formatTimeToFull } from '../../model/forecast-words.ts';
import type { RuleSettings } from '../../model/rule-options.ts';
import { extraOption } from '../../model/rule-options.ts';
import { countSessions } from '../../model/session-group.ts';
import { tallyApplications } from '../../model/tally.ts';
import { resolveThreshold } from '../../model/threshold.ts';
import { describeGrowth, describeHolders } from '../describe-holders.ts';
import { describeImpact } from '../describe-impact.ts';
import { judgeLower } from '../judge.ts';
import { type Rule, type Standing, unknownFinding } from '../rule.ts';
import { atLeast, lookAt, trustStanding } from '../sight.ts';

/** A leak, while there is time. A server that is full already is the business of `connections-total`. */
export default {
  id: 'connections-forecast',
  scope: 'database',
  severity: 'warning',
  for: '30s',
  // A slope in noise is lost for seconds now and then.
  keep: '60s',
  worse: 'lower',
  summary: 'At this rate the last usable connection will soon be taken.',
  firstStep: 'See who rises with /db status, and end what nobody needs with /db kill-stale while there is room.',
  // Each of them says that it has come to that, or that the counts are those of a server which is not itself.
  inhibitedBy: [
    { by: 'database-unreachable', mutes: 'all' },
    { by: 'connections-total', mutes: 'all' },
    { by: 'database-recovering', mutes: 'all' },
  ],
  options: {
    fire: {
      type: 'duration',
      default: '10m',
      meaning: 'Fires when the last connection will be taken within this time.',
    },
    clear: {
      type: 'duration',
      default: '20m',
      meaning: 'Resolves when it will take longer than this, or will not be.',
    },
    above: {
      type: 'threshold',
      default: '50%',
      meaning: 'Fires only above this many connections, or share of the usable ones.',
    },
  },
  evaluate({ snapshot, applications, dependents, trend: { forecast, growth = [] } }, settings) {
    const sight = lookAt(snapshot);
    if (!sight.ok) return [unknownFinding('total', `the connections are unknown: ${sight.reason}`)];
    if (forecast.kind === 'unknown') return [unknownFinding('total', `no forecast: ${forecast.reason}`)];
    const used = countSessions(sight.sessions);
    const usable = usableConnections(sight.server.capacity);
    const tallies = tallyApplications(sight.sessions, applications);
    const inUse = `${atLeast(used, sight)} of ${usable} usable connections in use`;
    return [
      {
        subject: 'total',
        standing: trustStanding(standingOf(forecast, used, usable, settings), sight),
        value: used,
        // The sampling has the forecast itself, and less is worse here: a ratio would say nothing.
        fireAt: null,
        headline: describe(forecast, used >= usable, snapshot.database, inUse),
        evidence: describeGrowth(growth) || describeHolders(tallies),
        impact: describeImpact({ applications, dependents }),
      },
    ];
  },
} satisfies Rule;

type Known = Exclude<Forecast, { readonly kind: 'unknown' }>;

function standingOf(forecast: Known, used: number, usable: number, settings: RuleSettings): Standing {
  // Nothing is over yet, though it came as it was foretold.
  if (used >= usable) return 'holding';
  if (forecast.kind === 'steady') return 'clear';
  const standing = judgeLower(forecast.inMs, settings.fire.value, settings.clear.value);
  const isAbove = used > resolveThreshold(extraOption(settings, 'above'), usable);
  // What fires goes on while the leak does, else it would flap at that edge.
  return standing === 'firing' && !isAbove ? 'holding' : standing;
}

function describe(forecast: Known, isFull: boolean, database: string, inUse: string): string {
  if (isFull) return `${database} is full: ${inUse}`;
  if (forecast.kind === 'steady') return `${database} is not filling up: ${inUse}`;
  return `${database} is full in ${formatTimeToFull(forecast.inMs)}: ${inUse}, ${formatRise(forecast.perMinute)}`;
}
