import { VERDICT_MEANINGS, type Verdict } from '../../model/admission.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { describeUse, type Signs } from '../signs.ts';

const ASKED_WRONGLY: ReadonlySet<Verdict> = new Set<Verdict>([
  'auth-refused',
  'no-such-database',
  'tls-failed',
  'role-limit',
  'read-only',
]);

/** The server is there and answers, and not what was asked of it: no rung changes a password, a name or a certificate. */
export function findMisconfigured({ verdict, use, facts: { snapshot, settings } }: Signs): Diagnosis | null {
  if (verdict === null || !ASKED_WRONGLY.has(verdict)) return null;
  const { fact, next } = VERDICT_MEANINGS[verdict];
  const said = snapshot.admission.ok ? snapshot.admission.value.serverSaid : null;
  return {
    condition: 'misconfigured',
    headline: `${settings.database} does not let the canary in: ${fact}`,
    advice: {
      kind: 'by-hand',
      todo: [next, 'Run `breakwater check`: it says what is wrong with roles, grants and certificates.'],
    },
    reasons: [
      ...(said === null ? [] : [`The server says: “${said}”`]),
      use === null ? 'How full it is cannot be seen.' : `It is not for want of slots: ${describeUse(use)}.`,
      'No rung helps: after each of them it would be refused in the same way.',
    ],
  };
}
