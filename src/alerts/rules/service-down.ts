import { type Finding, type Rule, type Standing, unknownFinding } from '../rule.ts';

/** What people see: the CDN's 524 of 2020-12-11. */
export default {
  id: 'service-down',
  scope: 'services',
  severity: 'critical',
  for: '15s',
  worse: 'unrelated',
  summary: 'A web address answers with 500 or more, not in time, or not at all.',
  firstStep: 'Look at what it depends on first; then at its own pods.',
  inhibitedBy: [
    { by: 'database-unreachable', mutes: 'all' },
    { by: 'database-recovering', mutes: 'all' },
  ],
  options: {
    clear: { type: 'count', default: 2, meaning: 'Resolves after this many good probes in a row.' },
  },
  evaluate: ({ services }, settings) =>
    services.map(({ service: { name, impact = '' }, probe, goodInARow }): Finding => {
      if (!probe.ok) return unknownFinding(name, `${name} is unknown: ${probe.reason}`);
      const { verdict, fact } = probe.value;
      return {
        subject: name,
        standing: verdict === 'good' ? judgeGood(goodInARow, settings.clear.value) : 'firing',
        value: null,
        fireAt: null,
        headline: `${name} ${fact}`,
        evidence: '',
        impact,
      };
    }),
} satisfies Rule;

function judgeGood(inARow: number, wanted: number): Standing {
  return inARow >= wanted ? 'clear' : 'holding';
}
