import type { ApplicationGrowth } from '../model/forecast.ts';
import type { ApplicationTally } from '../model/tally.ts';

const SHOWN = 4;

/** `Most are held by site 74 (limit 32), metabase 6 and 5 others.` Empty when nobody is connected. */
export function describeHolders(tallies: readonly ApplicationTally[]): string {
  const holders = tallies.filter(({ count }) => count > 0);
  const shown = holders
    .slice(0, SHOWN)
    .map(({ name, count, limit }) => `${name} ${count}${limit === null ? '' : ` (limit ${limit})`}`);
  const left = holders.length - shown.length;
  return shown.length === 0 ? '' : `Most are held by ${shown.join(', ')}${left > 0 ? ` and ${left} others` : ''}.`;
}

/** `In the last minute site rose by 31, metabase by 2.` Empty when nobody rose. */
export function describeGrowth(growth: readonly ApplicationGrowth[]): string {
  const shown = growth
    .slice(0, SHOWN)
    .map(({ application, by }, index) => `${application}${index === 0 ? ' rose' : ''} by ${by}`);
  return shown.length === 0 ? '' : `In the last minute ${shown.join(', ')}.`;
}
