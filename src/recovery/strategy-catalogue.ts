import { loadCatalogue } from '../catalogue/load-catalogue.ts';
import type { StepCatalogue } from './next-task.ts';
import { type PlanStep, STRATEGIES } from './plan.ts';
import type { Strategy } from './strategy.ts';

/**
 * Loads every file of `strategies/` as one rung, gentlest first. Throws one Error that names every faulty file.
 */
export async function loadStrategies(
  directory: URL = new URL('./strategies/', import.meta.url),
): Promise<readonly Strategy[]> {
  const entries = await loadCatalogue<Strategy>(directory, findStrategyFault);
  const strategies = entries.map(({ value }) => value).toSorted((a, b) => a.rung - b.rung);
  const twice = strategies.filter(({ rung }, index) => strategies[index - 1]?.rung === rung);
  if (twice.length > 0)
    throw new Error(`The strategies do not fit together:\n  two of rung ${twice.map(({ rung }) => rung).join(', ')}`);
  return strategies;
}

/** What is wrong with composed steps: a kind that no file carries out, params that it does not take, an id that is there twice. */
export function findComposeFaults(steps: readonly PlanStep[], catalogue: StepCatalogue): readonly string[] {
  const ids = steps.map(({ id }) => id);
  return steps.flatMap(({ id, kind, params }, index) => {
    const step = catalogue.get(kind);
    if (step === undefined) return [`${id}: there is no step ${kind}`];
    const parsed = step.params.safeParse(params);
    return [
      ...(parsed.success ? [] : [`${id}: ${parsed.error.issues.map(({ message }) => message).join(', ')}`]),
      ...(ids.indexOf(id) < index ? [`${id}: is there twice`] : []),
    ];
  });
}

function findStrategyFault(value: unknown, name: string): string | null {
  if (typeof value !== 'object' || value === null) return 'has no default export';
  const strategy = value as Partial<Strategy>;
  if (strategy.name !== name)
    return `its name is ${JSON.stringify(strategy.name)}, its file says ${JSON.stringify(name)}`;
  const rung = STRATEGIES.indexOf(name) + 1;
  if (rung === 0) return `is none of ${STRATEGIES.join(', ')}`;
  if (strategy.rung !== rung) return `its rung is ${strategy.rung}, on the ladder it is ${rung}`;
  if (!strategy.summary || !strategy.impact) return 'lacks its summary or its impact';
  if (strategy.approval !== 'own' && strategy.approval !== 'second') return 'does not say who approves it';
  if (typeof strategy.plan !== 'function') return 'has no plan()';
  return typeof strategy.outline === 'function' ? null : 'has no outline()';
}
