import { progressOf, type StepCatalogue } from './next-task.ts';
import type { Direction, RecoveryRun } from './run.ts';

export const UNKNOWN = 'Breakwater knows of no such recovery any more: run /db recover again. Nothing was done.';
export const TAKEN = 'Somebody was faster: this request has been answered already. Nothing more was done.';
export const MOVED_ON = 'The recovery has moved on since this button was drawn: use those of its newest message.';
export const FENCED =
  'Another Breakwater has taken over, and this one ends: nothing was done. Click again in a moment.';
export const UNWRITTEN =
  "Breakwater's journal does not answer, and nothing is recovered that is not written down first. Nothing was done: mend the disk under `journal.sqlite`, or go on by hand with /runbook.";

/** Why a run may not be told so; null: it may. Pure. */
export function judgeDirection(
  run: RecoveryRun,
  what: Direction,
  stop: number | null,
  catalogue: StepCatalogue,
): string | null {
  const { state } = run;
  if (what === 'abort') return state.kind === 'running' ? null : MOVED_ON;
  if (state.kind !== 'stopped' || stop !== run.stops) return MOVED_ON;
  if (what !== 'skip') return null;
  const step =
    state.why.kind === 'failed' || state.why.kind === 'unknown' ? progressOf(run, state.why.step) : undefined;
  const kind = run.plan.steps.find(({ id }) => id === step?.id)?.kind ?? '';
  const isSkippable = run.mode === 'steps' && step !== undefined && catalogue.get(kind)?.skip !== null;
  return isSkippable ? null : 'This step may not be left out: what follows hangs on it. Retry, or go on by hand.';
}

export function describeOther({ plan, state }: RecoveryRun): string {
  const what = state.kind === 'stopped' ? 'has stopped and waits for a person' : 'is under way';
  return `A recovery of ${plan.database} (${plan.strategy}) ${what}: one at a time. Go on with that one, or abort it.`;
}
