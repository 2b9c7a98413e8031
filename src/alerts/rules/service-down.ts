import type { ProbeVerdict } from '../../model/service-state.ts';
import { type Rule, unknownFinding } from '../rule.ts';

/** What people see of an outage: the incident of 2020-12-11 was a CDN's 524 before it was anything else (product.md §1). */
export default {
  id: 'service-down',
  scope: 'services',
  severity: 'critical',
  for: '15s',
  worse: 'unrelated',
  summary: 'A configured URL answers with 500 or more, not in time, or not at all.',
  firstStep: 'See with /db status whether the database behind it is well; then look at the service itself.',
  inhibitedBy: [
    { by: 'database-unreachable', mutes: 'all' },
    { by: 'database-recovering', mutes: 'all' },
  ],
  options: {
    clear: { type: 'count', default: 2, meaning: 'Resolves after so many good probes in a row.' },
  },
  evaluate({ services }, settings) {
    return services.map(({ service, probe, goodInARow }) => {
      const { name, impact = '' } = service;
      if (!probe.ok) return unknownFinding(name, `whether ${name} answers is unknown: ${probe.reason}`);
      const { verdict, status, fact } = probe.value;
      const base = { subject: name, value: null, fireAt: null, headline: `${name}: ${fact}`, evidence: '', impact };
      if (verdict === 'good') {
        return { ...base, standing: goodInARow >= settings.clear.value ? 'clear' : 'holding' } as const;
      }
      return {
        ...base,
        standing: 'firing' as const,
        ...(status === CDN_TIMEOUT && { evidence: CDN_TIMEOUT_MEANS }),
        firstStep:
          service.dependsOn === undefined && FIRST_STEPS[verdict] === LOOK_BEHIND ? LOOK_THERE : FIRST_STEPS[verdict],
      };
    });
  },
} satisfies Rule;

/** Cloudflare's own: connected to the origin, which sent no answer in time. */
const CDN_TIMEOUT = 524;
const CDN_TIMEOUT_MEANS =
  'A 524 is the CDN speaking: it reached the origin and got no answer in time, so what is behind it hangs or has run out of something, as of database connections.';

const LOOK_BEHIND =
  'See with /db status whether the database behind it is full or slow; then look at the service itself.';

const LOOK_THERE = 'Look at the service itself, and at what it waits for.';

const FIRST_STEPS: Readonly<Record<Exclude<ProbeVerdict, 'good'>, string>> = {
  'server-error': LOOK_BEHIND,
  timeout: LOOK_BEHIND,
  cut: LOOK_BEHIND,
  refused: 'Look at the pods of the service: nothing listens there.',
  'name-unknown': 'Check the DNS record of its host.',
  'tls-failed': 'Look at its certificate: the date, the names, the chain.',
  unreachable: 'Check the network between the bot and the service.',
};
