import { VERDICT_MEANINGS, type Verdict } from '../../model/admission.ts';
import type { ApplicationTally } from '../../model/tally.ts';
import { chooseRelief } from '../choose-relief.ts';
import { chooseRestart } from '../choose-restart.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { listHolders } from '../judge-relief.ts';
import { describeUse, type Signs, type Use } from '../signs.ts';
import { findLeaker } from './leaking-application.ts';
import { findStorm } from './storm.ts';

const FULL: ReadonlySet<Verdict | null> = new Set<Verdict | null>([
  'only-reserved-left',
  'completely-full',
  'half-authenticated',
  'database-limit',
]);

/** No slot is left for ordinary clients: by the canary's words, or by the counts where it heard something else. */
export function findFull(signs: Signs): Diagnosis | null {
  const { verdict, use, facts } = signs;
  const byCount = use !== null && use.used >= use.usable;
  if (!FULL.has(verdict) && !byCount) return null;
  const storm = findStorm(signs);
  if (storm !== null) return storm;
  const fact = verdict !== null && FULL.has(verdict) ? VERDICT_MEANINGS[verdict].fact : 'full by the counts';
  if (use === null) return unseen(signs, fact);
  const leaker = findLeaker(signs);
  const culprit = leaker?.tally ?? listHolders(signs)[0] ?? null;
  return {
    condition: leaker === null ? 'full' : 'leaking-application',
    headline: `${facts.settings.database} is ${fact}: ${describeUse(use)}${culprit === null ? '' : `; ${describeHolder(culprit)}`}`,
    ...chooseRelief(signs, {
      name: culprit?.name ?? null,
      rungs: ['restart-application', 'cap-application'],
      enough: countToFree(use),
      of: null,
    }),
  };
}

/** A tenth of the usable slots free again: less is taken at once by those who wait outside. */
const FREE_SHARE = 0.1;

function countToFree({ used, usable }: Use): number {
  return Math.max(1, used - usable + Math.max(1, Math.ceil(usable * FREE_SHARE)));
}

function describeHolder({ name, count, limit }: ApplicationTally): string {
  return `${name} holds the most, ${count}${limit === null ? '' : ` (limit ${limit})`}`;
}

/** Refused, and nobody holds a session from which the others could be seen or ended. */
function unseen(signs: Signs, fact: string): Diagnosis {
  const { sessions, server } = signs.facts.snapshot;
  const why = sessions.ok ? (server.ok ? '' : server.reason) : sessions.reason;
  const { advice, reasons } = chooseRestart(signs);
  return {
    condition: 'full',
    headline: `${signs.facts.settings.database} is ${fact}, and who holds the connections cannot be seen`,
    advice,
    reasons: [
      `Nobody can be counted: ${why}.`,
      'Not `kill-stale`, `cap-application` or `restart-application`: they need to see whose sessions fill it. If you know the application, restart that one instead.',
      ...reasons,
    ],
  };
}
