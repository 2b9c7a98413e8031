import type { PlanStep } from './plan.ts';
import type { RecoveryStep } from './step.ts';
import type { ManualStep, RunbookStep } from './view.ts';

/** The kinds of steps there are, by name. */
export type StepsByKind = ReadonlyMap<string, RecoveryStep>;

/** A step of a plan as people read it. Throws Error for a kind or params that nobody knows: then plan and catalogue do not fit. */
export function describeStep(step: PlanStep, steps: StepsByKind): ManualStep {
  const { kind, params } = findStep(step, steps);
  return { step, title: kind.title(params), commands: kind.manual(params) };
}

/** The same with what the runbook says besides. Throws as `describeStep` does. */
export function describeForRunbook(step: PlanStep, steps: StepsByKind): RunbookStep {
  const { kind, params } = findStep(step, steps);
  const { undo } = kind;
  return {
    ...describeStep(step, steps),
    deadlineMs: kind.deadlineMs,
    undo: undo === undefined ? null : { title: undo.title(params), commands: undo.manual(params) },
  };
}

function findStep(step: PlanStep, steps: StepsByKind): { readonly kind: RecoveryStep; readonly params: unknown } {
  const kind = steps.get(step.kind);
  if (kind === undefined) throw new Error(`step ${step.id}: no kind of step is called ${step.kind}`);
  const parsed = kind.params.safeParse(step.params);
  if (!parsed.success) throw new Error(`step ${step.id}: its params do not fit: ${parsed.error.message}`);
  return { kind, params: parsed.data };
}
