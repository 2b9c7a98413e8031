import { describeStep, describeTask } from './describe-steps.ts';
import { listHeld, listUndo, type StepCatalogue, type Task } from './next-task.ts';
import type { RecoveryRun } from './run.ts';
import type { Strategy } from './strategy.ts';
import type { ManualStep, RunView } from './view.ts';

/** What a view is made with. */
export interface Catalogues {
  readonly steps: StepCatalogue;
  readonly strategies: readonly Pick<Strategy, 'name' | 'summary' | 'impact'>[];
}

/** A run with all that its messages say. `observed`: what was found after an interruption, or at the end. Pure. */
export function viewRun(
  run: RecoveryRun,
  { steps, strategies }: Catalogues,
  now: number,
  observed: readonly string[] = [],
): RunView {
  const { plan } = run;
  const strategy = strategies.find(({ name }) => name === plan.strategy);
  const left = plan.steps.filter(({ id }) =>
    run.steps.some((each) => each.id === id && !['done', 'skipped', 'undone'].includes(each.state)),
  );
  return {
    run,
    now,
    summary: strategy?.summary ?? '',
    impact: strategy?.impact ?? '',
    before: run.diagnosis?.headline ?? null,
    steps: plan.steps.map((step) => describeStep(step, steps)),
    skip: findSkip(run, steps),
    held: listHeld(run, steps).map(({ step }) => nameHeld(step, steps)),
    undo: listUndo(run, steps).map((task) => describeTask(task, steps)),
    byHand: [
      ...listTakenBack(run, steps),
      ...(run.mode === 'undo' ? [] : left.map((step) => describeStep(step, steps))),
    ],
    observed,
  };
}

/** What a run that takes steps back has still to take back. */
function listTakenBack(run: RecoveryRun, steps: StepCatalogue): readonly ManualStep[] {
  const tasks = { steps: [], undo: listUndo(run, steps), release: listHeld(run, steps) }[run.mode];
  return tasks.map((task) => describeTask(task, steps));
}

/** The workload that its id names; else what was done. */
function nameHeld(step: Task['step'], steps: StepCatalogue): string {
  return step.id.slice(step.kind.length + 1) || describeStep(step, steps).title;
}

function findSkip({ plan, state, mode }: RecoveryRun, steps: StepCatalogue): string | null {
  if (state.kind !== 'stopped' || mode !== 'steps' || !('step' in state.why)) return null;
  const { step } = state.why;
  const found = plan.steps.find(({ id }) => id === step);
  return (found && steps.get(found.kind)?.skip) ?? null;
}
