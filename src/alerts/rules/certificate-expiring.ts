import { formatDuration } from '../../model/duration.ts';
import { judgeLower } from '../judge.ts';
import { type Finding, type Rule, unknownFinding } from '../rule.ts';

/** Beside product.md §4: a certificate that ends takes the service down on a day that was known for months. */
export default {
  id: 'certificate-expiring',
  scope: 'services',
  severity: 'warning',
  for: '0s',
  worse: 'lower',
  summary: 'The TLS certificate of a web address ends soon.',
  firstStep: 'Renew it, and find out why it was not renewed by itself.',
  options: {
    fire: { type: 'duration', default: '14d', meaning: 'Fires when it ends within this time.' },
    clear: { type: 'duration', default: '15d', meaning: 'Resolves when it lasts longer.' },
  },
  evaluate({ services, now }, settings) {
    return services.flatMap(({ service: { name, impact = '' }, probe }): readonly Finding[] | Finding => {
      if (!probe.ok) return unknownFinding(name, `the certificate of ${name} is unknown: ${probe.reason}`);
      const { certificateExpiresAt } = probe.value;
      // A probe that got no certificate says nothing of the one that was seen before.
      if (certificateExpiresAt === null)
        return probe.value.verdict === 'good' ? [] : unknownFinding(name, `no certificate of ${name} was seen`);
      const leftMs = certificateExpiresAt - now;
      return {
        subject: name,
        standing: judgeLower(leftMs, settings.fire.value, settings.clear.value),
        value: null,
        fireAt: null,
        headline: `the certificate of ${name} ${leftMs > 0 ? `ends in ${wholeHours(leftMs)}` : `ended ${wholeHours(-leftMs)} ago`}`,
        evidence: '',
        impact,
      };
    });
  },
} satisfies Rule;

function wholeHours(ms: number): string {
  return formatDuration(ms < 3_600_000 ? ms : Math.floor(ms / 3_600_000) * 3_600_000);
}
