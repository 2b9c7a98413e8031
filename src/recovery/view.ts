import type { Diagnosis } from './diagnosis.ts';
import type { PlanStep, StrategyName } from './plan.ts';
import type { RecoveryRun } from './run.ts';
import type { ManualCommand } from './step.ts';

/** What a message is rendered from. */
export type RecoverAnswer =
  /** Nothing to run: the diagnosis says why. */
  | { readonly kind: 'advice'; readonly database: string; readonly diagnosis: Diagnosis; readonly at: number }
  /** Rung 1 has a preview of its own: /db kill-stale shows it. */
  | {
      readonly kind: 'kill-stale';
      readonly database: string;
      readonly application: string | null;
      readonly diagnosis: Diagnosis | null;
    }
  | {
      readonly kind: 'refused';
      readonly database: string;
      readonly strategy: StrategyName;
      readonly reasons: readonly string[];
      readonly diagnosis: Diagnosis;
      readonly manual: readonly ManualStep[];
    }
  /** A plan that nobody can approve here: asked for where only one sees it. */
  | { readonly kind: 'plan'; readonly view: RunView; readonly diagnosis: Diagnosis | null }
  /** A request, a run, or what became of it. `because`: why it is not the plan that was approved. */
  | {
      readonly kind: 'run';
      readonly view: RunView;
      readonly diagnosis: Diagnosis | null;
      readonly because: string | null;
    };

/** A run with all that its messages say. */
export interface RunView {
  readonly run: RecoveryRun;
  readonly now: number;
  /** Of its strategy: when it fits and what it does; what clients notice. */
  readonly summary: string;
  readonly impact: string;
  /** What was true when it was asked for, in a sentence; null where nobody wrote it down. Hostile text. */
  readonly before: string | null;
  /** In the order of the plan. */
  readonly steps: readonly ManualStep[];
  /** The step that it stopped at may be left out: what is risked; null: it may not. */
  readonly skip: string | null;
  /** Clients are held: in words, each with its workload; empty where none is. */
  readonly held: readonly string[];
  /** What an undo would do now, the first first; empty where nothing can be undone. */
  readonly undo: readonly ManualStep[];
  /** How to go on by hand from here: what is still to be taken back, where that is under way, and the steps that are left. */
  readonly byHand: readonly ManualStep[];
  /** After a stop, an interruption or the end: what is true now, each a sentence; plain, hostile text. */
  readonly observed: readonly string[];
}

/** A step as people read it. */
export interface ManualStep {
  readonly step: PlanStep;
  readonly title: string;
  readonly commands: readonly ManualCommand[];
}

/** The recovery by hand. */
export interface Runbook {
  readonly database: string;
  /** What is done first, and the look after each rung. */
  readonly before: readonly ManualCommand[];
  readonly rungs: readonly RunbookRung[];
  /** Those that this version does not carry out: in words. */
  readonly later: readonly LaterRung[];
}

export interface LaterRung {
  readonly strategy: StrategyName;
  readonly rung: number;
  readonly todo: readonly string[];
}

export interface RunbookRung {
  readonly strategy: StrategyName;
  readonly rung: number;
  readonly summary: string;
  readonly impact: string;
  readonly approval: 'own' | 'second';
  /** Empty where `missing` says why. */
  readonly steps: readonly RunbookStep[];
  readonly missing: string | null;
}

export interface RunbookStep extends ManualStep {
  /** How it is taken back; null: it is not. */
  readonly undo: { readonly title: string; readonly commands: readonly ManualCommand[] } | null;
}
