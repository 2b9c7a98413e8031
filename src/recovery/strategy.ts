import type { RecoveryFacts, RecoverySettings } from './facts.ts';
import type { Override, PlanStep, RecoveryPlan, StrategyName } from './plan.ts';

/**
 * One file in `strategies/` = one rung of the ladder, its default export, named after the file. It composes steps; pure.
 */
export interface Strategy {
  readonly name: StrategyName;
  /** 1 is the gentlest. */
  readonly rung: number;
  /** When it fits and what it does, in two sentences: for the preview, the runbook and the reference. */
  readonly summary: string;
  /** What clients notice, in a sentence. */
  readonly impact: string;
  readonly approval: RecoveryPlan['approval'];
  /** `target`: an application's name, where the strategy is about one and the caller chose it. */
  plan(facts: RecoveryFacts, target: string | null): Composed;
  /** The same steps from the configuration alone, for the runbook: null where it cannot be carried out with this configuration, with the reason. */
  outline(settings: RecoverySettings): Outlined;
}

export type Composed =
  | {
      readonly kind: 'plan';
      readonly steps: readonly PlanStep[];
      readonly warnings: readonly string[];
      readonly overrides: readonly Override[];
    }
  | { readonly kind: 'refused'; readonly reasons: readonly string[] };

export type Outlined =
  | { readonly kind: 'steps'; readonly steps: readonly PlanStep[] }
  | { readonly kind: 'not-configured'; readonly reason: string };
