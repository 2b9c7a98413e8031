import type { ServiceState } from '../../model/service-state.ts';
import { describeAge, describeMoment } from '../describe-age.ts';
import { judgeLower } from '../judge.ts';
import { type Finding, type Rule, unknownFinding } from '../rule.ts';

/** A certificate that nobody renewed is an outage with a date. */
export default {
  id: 'certificate-expiring',
  scope: 'services',
  severity: 'warning',
  for: '0s',
  worse: 'lower',
  summary: 'The TLS certificate of a configured URL ends soon, or has ended.',
  firstStep: 'Renew the certificate, or see why its automatic renewal failed.',
  options: {
    fire: { type: 'duration', default: '14d', meaning: 'Fires when the certificate ends within it.' },
    clear: { type: 'duration', default: '15d', meaning: 'Resolves when the certificate is good for longer.' },
  },
  evaluate({ services, now }, settings) {
    return services.flatMap((state) => {
      const { service, probe } = state;
      if (!probe.ok) return unknownFinding(service.name, `${UNKNOWN} ${service.name} ends is unknown: ${probe.reason}`);
      const endsAt = probe.value.certificateExpiresAt;
      if (endsAt === null) return withoutCertificate(state, probe.value.fact);
      const leftMs = endsAt - now;
      return {
        subject: service.name,
        standing: judgeLower(leftMs, settings.fire.value, settings.clear.value),
        value: leftMs,
        fireAt: settings.fire.value,
        headline: `the certificate of ${service.name} ${describeEnd(leftMs)}`,
        evidence: `It ${leftMs > 0 ? 'ends' : 'ended'} at ${describeMoment(endsAt)}.`,
        impact: service.impact ?? '',
      };
    });
  },
} satisfies Rule;

const UNKNOWN = 'when the certificate of';

/** Plain http has none; a probe that failed before the handshake has not seen it, which ends nothing. */
function withoutCertificate({ service }: ServiceState, fact: string): readonly Finding[] {
  if (!/^https:/i.test(service.url)) return [];
  return [unknownFinding(service.name, `${UNKNOWN} ${service.name} ends is unknown: ${fact}`)];
}

function describeEnd(leftMs: number): string {
  return leftMs > 0 ? `ends in ${describeAge(leftMs)}` : 'has ended';
}
