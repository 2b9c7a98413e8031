import type { Standby } from '../../model/server-signals.ts';
import { describeAge } from '../describe-age.ts';
import { judge } from '../judge.ts';
import { ANY_SUBJECT, type Finding, type Rule, unknownFinding } from '../rule.ts';
import { lookAtSignals, trustStanding } from '../sight.ts';

/** What a failover now would lose, or what readers of the standby do not see yet. */
export default {
  id: 'replication-lag',
  scope: 'database',
  severity: 'warning',
  for: '1m',
  summary: 'A standby replays what the primary wrote long ago.',
  firstStep: 'Look at the standby: its load, its disk, a query on it that holds the replay up, the network between.',
  options: {
    fire: { type: 'duration', default: '60s', meaning: 'Fires when the replay of a standby is so far behind.' },
    clear: { type: 'duration', default: '60s', meaning: 'Resolves below it.' },
  },
  evaluate({ snapshot }, settings) {
    const sight = lookAtSignals(snapshot);
    if (!sight.ok) return [unknownFinding(ANY_SUBJECT, `the standbys are unknown: ${sight.reason}`)];
    const byName = Map.groupBy(sight.signals.standbys, ({ name }) => name);
    return [...byName].map(([name, standbys]): Finding => {
      const worst = worstLag(standbys);
      const whole = sight.whole && standbys.every(({ lagMs }) => lagMs !== null);
      const standing = worst === null ? 'unknown' : judge(worst, settings.fire.value, settings.clear.value);
      const trusted = trustStanding(standing, { whole });
      if (worst === null || trusted === 'unknown') {
        return unknownFinding(name, `how far the standby ${name} is behind is unknown: the server does not say`);
      }
      return {
        subject: name,
        standing: trusted,
        value: worst,
        fireAt: settings.fire.value,
        unit: 'duration' as const,
        headline: `the standby ${name} is ${describeAge(worst)} behind`,
        evidence:
          standbys.length > 1 ? `${standbys.length} standbys have this name; it is the one furthest behind.` : '',
        impact: '',
      };
    });
  },
} satisfies Rule;

/** Standbys may share a name, as `walreceiver` is the default: they are one subject, as far behind as the last of them. */
function worstLag(standbys: readonly Standby[]): number | null {
  const known = standbys.flatMap(({ lagMs }) => lagMs ?? []);
  return known.length === 0 ? null : Math.max(...known);
}
