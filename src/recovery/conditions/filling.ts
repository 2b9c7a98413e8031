import { formatRise, formatTimeToFull } from '../../model/forecast-words.ts';
import { chooseRelief } from '../choose-relief.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { listHolders } from '../judge-relief.ts';
import { describeUse, type Signs } from '../signs.ts';

/** As the rule `connections-forecast` has it (product.md §4): within ten minutes, above half of what is usable. */
const SOON_MS = 10 * 60_000;
const ABOVE = 0.5;
/** A quarter of what is usable gives people time to find out why. */
const TIME_TO_LOOK = 0.25;

/** It will be full soon: the rise shows minutes before the last slot is taken (product.md §1). */
export function findFilling(signs: Signs): Diagnosis | null {
  const { use, facts } = signs;
  const { forecast } = facts;
  if (use === null || forecast.kind !== 'exhausts' || forecast.inMs >= SOON_MS || use.used < use.usable * ABOVE)
    return null;
  const [largest] = listHolders(signs);
  const held = largest === undefined ? '' : `; ${largest.name} holds the most, ${largest.count}`;
  return {
    condition: 'filling',
    headline: `${facts.settings.database} is full in ${formatTimeToFull(forecast.inMs)}, ${formatRise(forecast.perMinute)}: ${describeUse(use)}${held}`,
    ...chooseRelief(signs, {
      name: largest?.name ?? null,
      // While it still serves, what slows it down comes before what ends it.
      rungs: ['cap-application', 'restart-application'],
      enough: Math.ceil(use.usable * TIME_TO_LOOK),
      of: null,
    }),
  };
}
