import { listHeld, listUndo, type StepCatalogue, type Task } from './next-task.ts';
import type { PlanStep } from './plan.ts';
import type { RecoveryRun } from './run.ts';
import type { ManualStep, RunView } from './view.ts';

/** A run with all that its messages say. `observed`: what was found after an interruption. Pure. */
export function viewRun(
  run: RecoveryRun,
  catalogue: StepCatalogue,
  now: number,
  observed: readonly string[] = [],
): RunView {
  const { state, plan } = run;
  const stoppedAt =
    state.kind === 'stopped' && 'step' in state.why && run.mode === 'steps' ? findStep(run, state.why.step) : undefined;
  const undo = listUndo(run, catalogue);
  const left = plan.steps.filter(({ id }) =>
    run.steps.some((each) => each.id === id && !['done', 'skipped', 'undone'].includes(each.state)),
  );
  return {
    run,
    now,
    steps: plan.steps.map((step) => describeStep(step, catalogue)),
    skip: (stoppedAt && catalogue.get(stoppedAt.kind)?.skip) ?? null,
    held: listHeld(run, catalogue).map((task) => describeTask(task, catalogue).title),
    undo: undo.map((task) => describeTask(task, catalogue)),
    byHand: left.map((step) => describeStep(step, catalogue)),
    observed,
  };
}

/** A step as people read it; one that this version does not know is named, and nothing is made up. Pure. */
export function describeStep(step: PlanStep, catalogue: StepCatalogue): ManualStep {
  return describeTask({ step, way: 'do' }, catalogue);
}

function describeTask({ step, way }: Task, catalogue: StepCatalogue): ManualStep {
  const found = catalogue.get(step.kind);
  const act = way === 'do' ? found : found?.undo;
  const params = found?.params.safeParse(step.params);
  if (act === undefined || params?.success !== true) return { step, title: step.id, commands: [] };
  return { step, title: act.title(params.data), commands: act.manual(params.data) };
}

function findStep({ plan }: RecoveryRun, id: string): PlanStep | undefined {
  return plan.steps.find((each) => each.id === id);
}
