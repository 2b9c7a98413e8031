import { formatDuration } from '../../model/duration.ts';
import { judge } from '../judge.ts';
import { ANY_SUBJECT, type Rule, unknownFinding } from '../rule.ts';

/** What would be lost, or waited for, if the standby had to take over now. */
export default {
  id: 'replication-lag',
  scope: 'database',
  severity: 'warning',
  for: '1m',
  summary: 'A standby replays late.',
  firstStep: "Look at the standby's disk and network, and for a long query there that holds the replay up.",
  options: {
    fire: { type: 'duration', default: '60s', meaning: 'Fires when its replay is so far behind.' },
    clear: { type: 'duration', default: '60s', meaning: 'Resolves below it.' },
  },
  evaluate({ snapshot: { signals } }, settings) {
    if (!signals.ok) return [unknownFinding(ANY_SUBJECT, `the standbys are unknown: ${signals.reason}`)];
    return signals.value.standbys.map(({ name, lagMs }) =>
      lagMs === null
        ? unknownFinding(name, `how far ${name} is behind is unknown: the server does not say`)
        : {
            subject: name,
            standing: judge(lagMs, settings.fire.value, settings.clear.value),
            value: lagMs,
            fireAt: null,
            unit: 'duration' as const,
            headline: `${name} is ${formatDuration(lagMs)} behind`,
            evidence: '',
            impact: '',
          },
    );
  },
} satisfies Rule;
