import { describeForRunbook } from './describe-steps.ts';
import type { RecoverySettings } from './facts.ts';
import { LATER_RUNGS } from './later-rungs.ts';
import type { StepCatalogue } from './next-task.ts';
import { STRATEGIES, type StrategyName } from './plan.ts';
import { prepareByHand } from './prepare-by-hand.ts';
import type { Strategy } from './strategy.ts';
import type { Runbook } from './view.ts';

/**
 * The recovery by hand, from the same strategies and steps that the bot carries out, gentlest first; `only`: of one rung.
 * Pure. Throws Error where strategies and steps do not fit together.
 */
export function composeRunbook(
  settings: RecoverySettings,
  strategies: readonly Strategy[],
  steps: StepCatalogue,
  only?: StrategyName,
): Runbook {
  const rungs = strategies
    .filter(({ name }) => only === undefined || name === only)
    .toSorted((a, b) => a.rung - b.rung)
    .map((strategy) => {
      const { name, rung, summary, impact, approval } = strategy;
      const outlined = strategy.outline(settings);
      return {
        strategy: name,
        rung,
        summary,
        impact,
        approval,
        steps: outlined.kind === 'steps' ? outlined.steps.map((step) => describeForRunbook(step, steps)) : [],
        missing: outlined.kind === 'steps' ? null : outlined.reason,
      };
    });
  const later = STRATEGIES.flatMap((strategy, index) => {
    const todo = LATER_RUNGS[strategy];
    const isKnown = todo === undefined || strategies.some(({ name }) => name === strategy);
    return isKnown || (only !== undefined && only !== strategy) ? [] : [{ strategy, rung: index + 1, todo }];
  });
  return { database: settings.database, before: prepareByHand(settings), rungs, later };
}
