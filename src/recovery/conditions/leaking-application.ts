import type { ApplicationTally } from '../../model/tally.ts';
import { chooseRelief } from '../choose-relief.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { listHolders } from '../judge-relief.ts';
import { describeUse, type Signs } from '../signs.ts';

/** So far over its limit it is no peak any more. */
const FAR_OVER = 1.25;
/** Of a server that is nearly full, one application holds most. */
const NEARLY_FULL = 0.75;
const MOST = 0.5;

export interface Leaker {
  readonly tally: ApplicationTally;
  readonly why: string;
  /** So many less, and it is as it should be. */
  readonly excess: number;
}

/** One application takes more than its share, and the server still lets clients in. */
export function findLeaking(signs: Signs): Diagnosis | null {
  const leaker = findLeaker(signs);
  if (leaker === null || signs.use === null) return null;
  const { tally, why, excess } = leaker;
  const idle = tally.byState.idle ?? 0;
  const relief = chooseRelief(signs, {
    name: tally.name,
    rungs: ['restart-application', 'cap-application'],
    enough: excess,
    of: tally.name,
  });
  return {
    condition: 'leaking-application',
    headline: `${tally.name} holds ${tally.count} connections, ${why}; ${describeUse(signs.use)}`,
    advice: relief.advice,
    reasons: [`${idle} of its ${tally.count} sessions are idle.`, ...relief.reasons],
  };
}

/** The one that is farthest over its limit, else the one that holds most of a server that is nearly full. */
export function findLeaker(signs: Signs): Leaker | null {
  const { use } = signs;
  if (use === null) return null;
  const full = use.used >= use.usable;
  const holders = listHolders(signs);
  const over = holders
    .filter(({ count, limit }) => limit !== null && count >= (full ? limit : limit * FAR_OVER))
    .toSorted((a, b) => excessOf(b) - excessOf(a))[0];
  if (over !== undefined) return { tally: over, why: `its limit is ${over.limit}`, excess: excessOf(over) };
  const [largest] = holders;
  if (largest === undefined || use.used < use.usable * NEARLY_FULL || largest.count < use.usable * MOST) return null;
  const half = Math.floor(use.usable * MOST);
  return { tally: largest, why: 'most of what there is', excess: Math.max(1, largest.count - half) };
}

function excessOf({ count, limit }: ApplicationTally): number {
  return Math.max(1, count - (limit ?? 0) + 1);
}
