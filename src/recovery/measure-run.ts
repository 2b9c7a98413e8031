import type { RecoveryRun, StepProgress } from './run.ts';

/** How long it took, or has taken until `now`, milliseconds; null before it began. Pure. */
export function measureStep({ startedAt, endedAt }: StepProgress, now: number): number | null {
  return startedAt === null ? null : Math.max(0, (endedAt ?? now) - startedAt);
}

/** From its approval to its end, or until `now`, milliseconds; null before it was approved. Pure. */
export function measureRun({ approval, state }: RecoveryRun, now: number): number | null {
  if (approval === null) return null;
  const end = 'at' in state ? state.at : now;
  return Math.max(0, end - approval.at);
}

/** As indexes in the plan; null where there is no such step. */
export interface Position {
  /** What is under way, or what it stopped at. */
  readonly current: number | null;
  readonly next: number | null;
  readonly done: number;
}

/** Where a run is in its plan. Pure. */
export function locateRun({ steps, state }: RecoveryRun): Position {
  const named =
    state.kind === 'stopped' && 'step' in state.why ? state.why.step : steps.find(({ state }) => isOpen(state))?.id;
  const current = steps.findIndex(({ id }) => id === named);
  const next = steps.findIndex((step, index) => index > current && step.state === 'waiting');
  return {
    current: current === -1 ? null : current,
    next: next === -1 ? null : next,
    done: steps.filter((step) => step.state === 'done').length,
  };
}

function isOpen(state: StepProgress['state']): boolean {
  return state === 'acting' || state === 'failed' || state === 'unknown';
}
