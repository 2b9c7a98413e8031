import type { RecoveryPlan } from './plan.ts';

const NAMED = 2;

/** What is new in a plan, and in what else it is another one: sentences; plain, hostile text. Pure. */
export function describeDifference(before: RecoveryPlan, now: RecoveryPlan): string {
  const added = now.warnings.filter((warning) => !before.warnings.includes(warning));
  const left = added.length - NAMED;
  const more = left > 0 ? [`And ${left} more below.`] : [];
  const gone = before.warnings.filter((warning) => !now.warnings.includes(warning)).slice(0, NAMED);
  const same = before.steps.map(({ id }) => id).join() === now.steps.map(({ id }) => id).join();
  const steps = same ? [] : [`It has ${now.steps.length} steps, and had ${before.steps.length}.`];
  const words = [
    ...added.slice(0, NAMED).map((warning) => `New: ${warning}`),
    ...more,
    ...gone.map((warning) => `No longer so: ${warning}`),
    ...steps,
  ];
  return words.length === 0 ? 'Its steps are the same, with other numbers.' : words.join(' ');
}
