import { describeAge } from '../describe-age.ts';
import type { Rule } from '../rule.ts';

/** Unknown is never healthy: while a source is silent its alerts stand still, and somebody must know. */
export default {
  id: 'source-blind',
  scope: 'sources',
  severity: 'warning',
  for: '30s',
  summary:
    'Breakwater itself does not reach something that it lives by: PostgreSQL, Kubernetes, Discord, its journal. What depends on it neither fires nor resolves meanwhile.',
  firstStep: 'Follow the reason in the headline; until it is gone, look at what this source shows by other means.',
  inhibitedBy: [
    { by: 'database-unreachable', mutes: 'all' },
    { by: 'database-recovering', mutes: 'all' },
  ],
  options: {},
  evaluate({ sources, now }) {
    return sources.map(({ name, blind }) => {
      const called = NAMES.get(name) ?? name;
      return {
        subject: name,
        standing: blind === null ? 'clear' : 'firing',
        value: null,
        fireAt: null,
        headline:
          blind === null
            ? `Breakwater reaches ${called}`
            : `Breakwater has not reached ${called} for ${describeAge(Math.max(0, now - blind.since))}: ${blind.reason}`,
        evidence: '',
        impact: '',
        ...(name === 'kubernetes' && { firstStep: KUBERNETES }),
      } as const;
    });
  },
} satisfies Rule;

const KUBERNETES =
  'Try kubectl get pods yourself. Until it answers, orphaned sessions cannot be told from others, and nothing of the cluster is judged.';

const NAMES: ReadonlyMap<string, string> = new Map([
  ['postgres', 'PostgreSQL'],
  ['kubernetes', 'Kubernetes'],
  ['discord', 'Discord'],
  ['journal', 'its journal'],
]);
