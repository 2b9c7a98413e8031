import { type ApplicationTally, tallyApplications } from '../../model/tally.ts';
import { resolveThreshold } from '../../model/threshold.ts';
import { judge } from '../judge.ts';
import { type Rule, unknownFinding } from '../rule.ts';
import { atLeast, lookAt, trustStanding } from '../sight.ts';

/** One alert per application with a configured `limit`; the incident's `site` had 32. */
export default {
  id: 'connections-application',
  scope: 'database',
  severity: 'warning',
  for: '0s',
  summary: 'One application holds as many connections as its limit, or more.',
  firstStep:
    'Ask its owner about a recent deployment: do all these addresses belong to pods that still exist? What idles can be ended with /db kill-stale.',
  quickens: true,
  aboutApplications: true,
  inhibitedBy: [{ by: 'database-unreachable', mutes: 'repeats' }],
  options: {
    fire: { type: 'threshold', default: '100%', meaning: "Fires at this share of the application's limit." },
    clear: { type: 'threshold', default: '90%', meaning: 'Resolves below it.' },
  },
  evaluate({ snapshot, applications }, settings) {
    const sight = lookAt(snapshot);
    if (!sight.ok) {
      return applications
        .filter(({ limit }) => limit !== undefined)
        .map(({ name }) => unknownFinding(name, `the connections of ${name} are unknown: ${sight.reason}`));
    }
    return tallyApplications(sight.sessions, applications).flatMap(({ name, count, limit, impact, byAddress }) => {
      if (limit === null) return [];
      const fireAt = resolveThreshold(settings.fire, limit);
      return {
        subject: name,
        standing: trustStanding(judge(count, fireAt, resolveThreshold(settings.clear, limit)), sight),
        value: count,
        fireAt,
        unit: 'count',
        headline: `${name} holds ${atLeast(count, sight)} connections, its limit is ${limit}`,
        evidence: describeAddresses(byAddress),
        impact: impact ?? '',
      };
    });
  },
} satisfies Rule;

const SHOWN = 4;

function describeAddresses(byAddress: ApplicationTally['byAddress']): string {
  const shown = byAddress.slice(0, SHOWN).map(({ address, count }) => `${address} (${count})`);
  const left = byAddress.length - shown.length;
  return shown.length === 0 ? '' : `They come from ${shown.join(', ')}${left > 0 ? ` and ${left} more` : ''}.`;
}
