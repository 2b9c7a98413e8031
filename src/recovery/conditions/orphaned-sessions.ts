import { countedSessions } from '../../model/kill-plan.ts';
import type { Diagnosis } from '../diagnosis.ts';
import type { Signs } from '../signs.ts';

/** As the rule `connections-orphaned` has it (product.md §4). */
const WORTH_ENDING = 10;

/** Sessions that nobody owns pile up while there is still room: the story of 2020-12-11, seen early. */
export function findOrphanedSessions({ facts: { orphans, settings } }: Signs): Diagnosis | null {
  if (!orphans?.ok || orphans.value.count < WORTH_ENDING) return null;
  const { count, groups } = orphans.value;
  const owners = [...new Set(groups.flatMap(({ applications }) => applications.map(({ name }) => name)))];
  return {
    condition: 'orphaned-sessions',
    headline: `${countedSessions(count)} of ${settings.database} belong to nobody any more: their pods are gone (${owners.slice(0, 3).join(', ')})`,
    advice: { kind: 'recover', strategy: 'kill-stale', target: null },
    reasons: [
      'Nobody uses them, and they do not go by themselves for hours.',
      'Nothing harsher is needed: clients get in.',
    ],
  };
}
