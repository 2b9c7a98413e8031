import type { StepCatalogue, Task } from './next-task.ts';
import type { PlanStep } from './plan.ts';
import type { RecoveryStep } from './step.ts';
import type { ManualStep, RunbookStep } from './view.ts';

/** A step as people read it; one that this version does not know is named, and nothing is made up. Pure. */
export function describeStep(step: PlanStep, catalogue: StepCatalogue): ManualStep {
  return describeTask({ step, way: 'do' }, catalogue);
}

/** The same of a step that is done, or taken back. Pure. */
export function describeTask({ step, way }: Task, catalogue: StepCatalogue): ManualStep {
  const found = catalogue.get(step.kind);
  const act = way === 'do' ? found : found?.undo;
  const params = found?.params.safeParse(step.params);
  if (act === undefined || params?.success !== true) return { step, title: step.id, commands: [] };
  return { step, title: act.title(params.data), commands: act.manual(params.data) };
}

/** With what the runbook says besides. Throws Error for a kind or params that nobody knows: then plan and catalogue do not fit. */
export function describeForRunbook(step: PlanStep, catalogue: StepCatalogue): RunbookStep {
  const { kind, params } = findStep(step, catalogue);
  const { undo } = kind;
  return {
    ...describeStep(step, catalogue),
    undo: undo === undefined ? null : { title: undo.title(params), commands: undo.manual(params) },
  };
}

function findStep(step: PlanStep, catalogue: StepCatalogue): { readonly kind: RecoveryStep; readonly params: unknown } {
  const kind = catalogue.get(step.kind);
  if (kind === undefined) throw new Error(`step ${step.id}: no kind of step is called ${step.kind}`);
  const parsed = kind.params.safeParse(step.params);
  if (!parsed.success) throw new Error(`step ${step.id}: its params do not fit: ${parsed.error.message}`);
  return { kind, params: parsed.data };
}
