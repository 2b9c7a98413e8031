import type { PlanStep } from './plan.ts';
import type { RecoveryRun, StepProgress } from './run.ts';
import type { RecoveryStep } from './step.ts';

/** The steps by their kind. */
export type StepCatalogue = ReadonlyMap<string, RecoveryStep>;

export interface Task {
  readonly step: PlanStep;
  readonly way: 'do' | 'undo';
}

/** What a running recovery does next in its mode; null: nothing is left. `but`: whom it could not let in. Pure. */
export function nextTask(run: RecoveryRun, catalogue: StepCatalogue, but: readonly string[] = []): Task | null {
  if (run.mode === 'undo') return listUndo(run, catalogue)[0] ?? null;
  if (run.mode === 'release') return listHeld(run, catalogue).find(({ step }) => !but.includes(step.id)) ?? null;
  const left = run.plan.steps.find(({ id }) => !PASSED.has(progressOf(run, id).state));
  return left === undefined ? null : { step: left, way: 'do' };
}

/** What was begun and can be taken back, the newest first; what the plan has taken back itself is not among it. Pure. */
export function listUndo(run: RecoveryRun, catalogue: StepCatalogue): readonly Task[] {
  return run.plan.steps
    .filter((step) => catalogue.get(step.kind)?.undo !== undefined && isInForce(run, step, catalogue))
    .map((step): Task => ({ step, way: 'undo' }))
    .toReversed();
}

/** Of these, what keeps clients out: in the order in which they are let in. Pure. */
export function listHeld(run: RecoveryRun, catalogue: StepCatalogue): readonly Task[] {
  return listUndo(run, catalogue).filter(({ step }) => catalogue.get(step.kind)?.holdsClients === true);
}

/** Throws for a step that its plan does not have: a defect. */
export function progressOf(run: RecoveryRun, stepId: string): StepProgress {
  const found = run.steps.find(({ id }) => id === stepId);
  if (found === undefined) throw new Error(`the run ${run.id} has no step ${stepId}`);
  return found;
}

const PASSED: ReadonlySet<StepProgress['state']> = new Set(['done', 'skipped', 'undone']);

/** It may have had an effect, a failed one too, and nothing has taken that back. */
function isInForce(run: RecoveryRun, step: PlanStep, catalogue: StepCatalogue): boolean {
  const { attempts, state } = progressOf(run, step.id);
  if (attempts === 0 || state === 'undone') return false;
  const object = step.id.slice(step.kind.length);
  return !run.plan.steps.some(
    (other) =>
      catalogue.get(other.kind)?.takesBack === step.kind &&
      other.id.slice(other.kind.length) === object &&
      progressOf(run, other.id).state === 'done',
  );
}
