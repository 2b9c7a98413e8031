import type { Rule } from '../rule.ts';

/** The bot itself cannot see or reach what it lives by: unknown is not healthy (product.md §4). */
export default {
  id: 'source-blind',
  scope: 'sources',
  severity: 'warning',
  for: '30s',
  summary: 'Breakwater itself cannot see a source: PostgreSQL, Discord, or its own journal.',
  firstStep: 'Take nothing for healthy or resolved meanwhile; look for yourself.',
  inhibitedBy: [
    { by: 'database-unreachable', mutes: 'all' },
    { by: 'database-recovering', mutes: 'all' },
  ],
  options: {},
  evaluate: ({ sources }) =>
    sources.map(({ name, blind }) => ({
      subject: name,
      standing: blind === null ? 'clear' : 'firing',
      value: null,
      fireAt: null,
      headline:
        blind === null ? `${NAMES[name] ?? name} is seen again` : `blind to ${NAMES[name] ?? name}: ${blind.reason}`,
      evidence: blind === null ? '' : (CONSEQUENCES[name] ?? ''),
      impact: '',
    })),
} satisfies Rule;

const NAMES: Readonly<Record<string, string>> = { postgres: 'PostgreSQL', discord: 'Discord', journal: 'its journal' };
const CONSEQUENCES: Readonly<Record<string, string>> = {
  postgres: 'Alerts about it neither fire nor resolve until it is seen again.',
  discord: 'Alerts come late, or clicks and commands do not arrive.',
  journal: 'A restart now would forget acknowledgements and silences, and ping again.',
};
