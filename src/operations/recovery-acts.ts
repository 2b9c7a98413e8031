import type { ActFact, StepFact, TimelineEvent } from '../incidents/timeline.ts';
import { formatDuration } from '../model/duration.ts';
import type { PlanStep } from '../recovery/plan.ts';
import type { Direction, RecoveryRun, StopReason } from '../recovery/run.ts';
import type { RunEvent } from '../recovery/run-events.ts';

export type RecoveryAct = TimelineEvent & { readonly fact: ActFact };

/** What happened to a run, for its timeline. Titles of steps and reasons are hostile text. */
export type RunNews =
  | { readonly kind: 'requested' }
  | { readonly kind: 'refused'; readonly by: string; readonly at: number; readonly reason: string }
  /** As `run.approval` has it, the broken glass among it. */
  | { readonly kind: 'approved' }
  /** The step has ended, in whichever way its progress in the run says. */
  | { readonly kind: 'step'; readonly step: string; readonly title: string }
  /** As `run.state` says: stopped, done, ended, cancelled, expired, superseded. `title`: of the step that it stopped at. */
  | { readonly kind: 'state'; readonly title: string | null }
  /** As its button says: `Retry Prove that it is gone`, `Release clients`. */
  | { readonly kind: 'directed'; readonly by: string; readonly at: number; readonly what: string };

/** The act to be recorded, in one line with its numbers; null for a state that is none: still waiting, or under way. Pure. */
export function describeRunAct(run: RecoveryRun, news: RunNews): RecoveryAct | null {
  const act = (
    at: number,
    by: string | null,
    stage: ActFact['stage'],
    summary: string,
    more: Pick<ActFact, 'step' | 'overrides'> = {},
  ): RecoveryAct => {
    const { database, strategy } = run.plan;
    return { at, by, fact: { type: 'act', act: strategy, database, stage, confirmation: run.id, summary, ...more } };
  };

  switch (news.kind) {
    case 'requested':
      return act(run.at, run.requestedBy, 'requested', `${countSteps(run)}, ${AWAITS[run.policy]}`);
    case 'refused':
      return act(news.at, news.by, 'refused', news.reason);
    case 'directed':
      return act(news.at, news.by, 'directed', news.what);
    case 'approved':
      return describeApproval(run, act);
    case 'step':
      return describeStep(run, news, act);
    case 'state':
      return describeState(run, news.title, act);
  }
}

/** What an event of a run means for its timeline; null: nobody needs to read of it. `at`: now, epoch milliseconds. Pure. */
export function readNews(
  { plan }: RecoveryRun,
  { type, data }: RunEvent,
  { titleOf, at }: { readonly titleOf: (step: PlanStep) => string; readonly at: number },
): RunNews | null {
  const nameOf = (id: string): string => {
    const step = plan.steps.find((each) => each.id === id);
    return step === undefined ? id : titleOf(step);
  };
  switch (type) {
    case 'requested':
    case 'approved':
      return { kind: type };
    case 'result':
      return { kind: 'step', step: data.step, title: nameOf(data.step) };
    case 'directed':
      return { kind: 'directed', by: data.by, at, what: DIRECTION_WORDS[data.what] };
    case 'stopped':
      return { kind: 'state', title: 'step' in data.why ? nameOf(data.why.step) : null };
    case 'cancelled':
    case 'expired':
    case 'superseded':
    case 'done':
    case 'ended':
      return { kind: 'state', title: null };
    case 'shown':
    case 'intent':
    case 'told':
      return null;
  }
}

/** As the buttons say it. */
const DIRECTION_WORDS = {
  resume: 'Resume',
  retry: 'Retry',
  skip: 'Skip',
  undo: 'Undo',
  release: 'Release clients',
  abort: 'Abort',
} as const satisfies Record<Direction, string>;

type Act = (
  at: number,
  by: string | null,
  stage: ActFact['stage'],
  summary: string,
  more?: Pick<ActFact, 'step' | 'overrides'>,
) => RecoveryAct;

const AWAITS = {
  own: 'to be confirmed',
  'two-person': 'to be approved by somebody else',
  typed: 'to be approved by typing the database’s name',
} as const satisfies Record<RecoveryRun['policy'], string>;

function describeApproval(run: RecoveryRun, act: Act): RecoveryAct | null {
  const { approval, plan } = run;
  if (approval === null) return null;
  const { by, at, how, reason } = approval;
  const overrides = plan.overrides.map(({ because }) => because);
  const more = overrides.length === 0 ? {} : { overrides };
  const steps = overrides.length === 0 ? countSteps(run) : `${countSteps(run)}, in spite of: ${overrides.join(' ')}`;
  return how === 'broke-glass'
    ? act(at, by, 'broke-glass', `${reason ?? 'no reason given'} (${steps})`, more)
    : act(at, by, 'approved', steps, more);
}

function describeStep(run: RecoveryRun, { step: id, title }: { step: string; title: string }, act: Act) {
  const index = run.plan.steps.findIndex((one) => one.id === id);
  const progress = run.steps.find((one) => one.id === id);
  const kind = run.plan.steps[index]?.kind;
  if (progress === undefined || kind === undefined || !isOver(progress.state)) return null;
  const { state, saw, startedAt, endedAt } = progress;
  const at = endedAt ?? startedAt;
  if (at === null) return null;
  const took =
    startedAt === null || endedAt === null || state === 'skipped'
      ? ''
      : ` ${state === 'done' ? 'in' : 'after'} ${formatDuration(endedAt - startedAt)}`;
  const outcome = state === 'unknown' ? ', outcome unknown' : ` ${state}`;
  const summary = `step ${index + 1} of ${run.steps.length}${outcome}${took}: ${title}${saw === '' ? '' : `; ${saw}`}`;
  return act(at, null, 'step', summary, { step: { id, kind, title, state, saw, startedAt, endedAt } });
}

function isOver(state: RecoveryRun['steps'][number]['state']): state is StepFact['state'] {
  return state !== 'waiting' && state !== 'acting';
}

function describeState(run: RecoveryRun, title: string | null, act: Act): RecoveryAct | null {
  const { state } = run;
  switch (state.kind) {
    case 'requested':
    case 'running':
      return null;
    case 'cancelled':
      return act(state.at, state.by, 'cancelled', countSteps(run));
    case 'expired':
      return act(state.at, null, 'expired', `nobody approved it in time (${countSteps(run)})`);
    case 'superseded':
      return act(
        state.at,
        null,
        'cancelled',
        state.next === null
          ? `the world had changed since it was shown, and no plan can be made of it: ${state.reasons.join(' ')}`
          : 'the world had changed since it was shown, so a new plan took its place',
      );
    case 'stopped':
      return act(
        state.at,
        state.why.kind === 'aborted' || state.why.kind === 'released' ? state.why.by : null,
        'stopped',
        `${describeStop(state.why, title)} (${howFar(run)})`,
      );
    case 'done':
      return act(state.at, null, 'done', howFar(run, state.at));
    case 'ended':
      return act(state.at, state.by, 'ended', `${state.undone ? 'undone' : 'given up'}, ${howFar(run, state.at)}`);
  }
}

function describeStop(why: StopReason, title: string | null): string {
  switch (why.kind) {
    case 'failed':
      return `${title ?? why.step} failed: ${why.reason}`;
    case 'unknown':
      return `what became of ${title ?? why.step} is unknown: ${why.reason}`;
    case 'aborted':
      return 'aborted';
    case 'released':
      return 'clients were let in before the end';
    case 'interrupted':
      return 'the bot ended in the middle of it';
    case 'journal':
      return `its steps cannot be written down: ${why.reason}`;
  }
}

function countSteps({ plan: { steps } }: { plan: { steps: readonly PlanStep[] } }): string {
  return steps.length === 1 ? '1 step' : `${steps.length} steps`;
}

/** `8 of 9 steps done, 1 skipped, in 2 min 3 s`. */
function howFar({ steps, approval }: RecoveryRun, at: number | null = null): string {
  const count = (wanted: StepFact['state']) => steps.filter(({ state }) => state === wanted).length;
  const others = (['skipped', 'undone'] as const).flatMap((state) =>
    count(state) > 0 ? [`${count(state)} ${state}`] : [],
  );
  const took = at === null || approval === null ? [] : [`in ${formatDuration(at - approval.at)}`];
  return [`${count('done')} of ${steps.length} steps done`, ...others, ...took].join(', ');
}
