import { formatDuration } from '../model/duration.ts';
import { describeStep } from './describe-steps.ts';
import type { StepCatalogue } from './next-task.ts';
import type { RecoveryRun, StopReason } from './run.ts';
import type { RunEvent } from './run-events.ts';

/** What a timeline keeps of one event of a run. */
export interface RunFact {
  readonly stage:
    | 'requested'
    | 'cancelled'
    | 'expired'
    | 'approved'
    | 'broke-glass'
    | 'step'
    | 'stopped'
    | 'directed'
    | 'done'
    | 'ended';
  readonly by: string | null;
  /** In one line; plain text, names in it hostile. */
  readonly summary: string;
}

/** `run` is as the event has left it. Null: nobody needs to read of it. Pure. */
export function describeRunEvent(run: RecoveryRun, event: RunEvent, catalogue: StepCatalogue): RunFact | null {
  const { plan } = run;
  const titleOf = (id: string): string => {
    const step = plan.steps.find((each) => each.id === id);
    return step === undefined ? id : describeStep(step, catalogue).title;
  };
  switch (event.type) {
    case 'requested':
      return { stage: 'requested', by: run.requestedBy, summary: `${plan.strategy}, ${plan.steps.length} steps` };
    case 'cancelled':
      return { stage: 'cancelled', by: event.data.by, summary: plan.strategy };
    case 'expired':
      return { stage: 'expired', by: null, summary: `${plan.strategy}: nobody approved it in time` };
    case 'superseded':
      return {
        stage: 'expired',
        by: null,
        summary: `${plan.strategy}: the world had changed before it was approved, so nothing ran`,
      };
    case 'approved':
      return describeApproval(run, event.data);
    case 'result': {
      const { step, way, outcome, saw } = event.data;
      const progress = run.steps.find(({ id }) => id === step);
      const took = progress?.startedAt
        ? ` in ${formatDuration(Math.max(0, (progress.endedAt ?? 0) - progress.startedAt))}`
        : '';
      const word = outcome === 'done' ? (way === 'do' ? `done${took}` : `taken back${took}`) : outcome;
      return { stage: 'step', by: null, summary: `${titleOf(step)}: ${word}${saw === '' ? '' : `: ${saw}`}` };
    }
    case 'stopped':
      return { stage: 'stopped', by: null, summary: describeStop(event.data.why, titleOf) };
    case 'directed':
      return { stage: 'directed', by: event.data.by, summary: DIRECTION_WORDS[event.data.what] };
    case 'done':
      return {
        stage: 'done',
        by: run.approval?.by ?? null,
        summary: `${plan.strategy}: ${describeOutcome(run)} in ${formatDuration(lasted(run))}`,
      };
    case 'ended':
      return {
        stage: 'ended',
        by: event.data.by,
        summary: event.data.undone
          ? `${plan.strategy}: what it had done was taken back`
          : `${plan.strategy}: ${describeOutcome(run)}`,
      };
    case 'shown':
    case 'intent':
    case 'told':
      return null;
  }
}

function describeApproval(
  { plan, requestedBy }: RecoveryRun,
  { by, how, reason }: Extract<RunEvent, { type: 'approved' }>['data'],
): RunFact {
  const what = `${plan.strategy}, ${plan.steps.length} steps`;
  if (how === 'broke-glass') return { stage: 'broke-glass', by, summary: `${what}: ${reason ?? 'no reason given'}` };
  const asked = by === requestedBy ? 'which they asked for' : 'which another asked for';
  return {
    stage: 'approved',
    by,
    summary: how === 'typed' ? `${what}, ${asked}, by typing its name` : `${what}, ${asked}`,
  };
}

function describeStop(why: StopReason, titleOf: (id: string) => string): string {
  switch (why.kind) {
    case 'failed':
      return `${titleOf(why.step)} failed: ${why.reason}`;
    case 'unknown':
      return `${titleOf(why.step)}: what became of it is unknown: ${why.reason}`;
    case 'aborted':
      return 'aborted after a step';
    case 'released':
      return 'clients were let in before the end';
    case 'interrupted':
      return 'the bot ended in the middle';
    case 'journal':
      return why.reason;
  }
}

const DIRECTION_WORDS = {
  resume: 'resumed it',
  retry: 'had the step tried again',
  skip: 'had the step left out',
  undo: 'had what was done taken back',
  release: 'had the clients let in',
  abort: 'asked to stop after the step',
} as const;

function describeOutcome({ steps }: RecoveryRun): string {
  const count = (state: string): number => steps.filter((each) => each.state === state).length;
  const skipped = count('skipped');
  return `${count('done')} of ${steps.length} steps done${skipped > 0 ? `, ${skipped} left out` : ''}`;
}

function lasted({ approval, state }: RecoveryRun): number {
  return 'at' in state && approval !== null ? Math.max(0, state.at - approval.at) : 0;
}
