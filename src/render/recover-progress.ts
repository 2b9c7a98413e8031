import { locateRun } from '../recovery/measure-run.ts';
import type { RunView } from '../recovery/view.ts';
import { COLOURS, type Message, timestamp } from './message.ts';
import { describeApprovers } from './recover-approval.ts';
import { abortButton } from './recover-buttons.ts';
import { fillDescription, footRun, nameHeld, titleRun } from './recover-frame.ts';
import { listProgress, nameStep } from './recover-steps.ts';
import { mention } from './timeline-line.ts';

type Running = Extract<RunView['run']['state'], { readonly kind: 'running' }>;

/** While it is carried out: what is under way, what is next, each step as it stands. Edited in place. Pure. */
export function renderProgress(view: RunView, state: Running): Message {
  const { run, held, now } = view;
  return {
    embed: {
      title: titleRun(view, describeDoing(view)),
      description: fillDescription(
        [
          ...describeCurrent(view),
          ...(held.length === 0 ? [] : [`**Clients are held:** ${nameHeld(view)}`]),
          ...(state.abortAsked === null
            ? []
            : [`🛑 ${mention(state.abortAsked)} asked to abort: it stops after this step.`]),
          `-# ${describeApprovers(run)}`,
        ],
        (room) => listProgress(view, room),
      ),
      colour: COLOURS.warning,
      footer: footRun(view),
      timestamp: now,
    },
    // What gives clients back is not held up.
    buttons: run.mode !== 'release' && state.abortAsked === null ? [abortButton(run)] : [],
  };
}

function describeDoing({ run }: RunView): string {
  if (run.mode === 'undo') return 'is being undone';
  if (run.mode === 'release') return 'stopped; clients are being released';
  const { current, next } = locateRun(run);
  const index = current ?? next;
  return index === null ? 'is ending' : `at step ${index + 1} of ${run.steps.length}`;
}

function describeCurrent(view: RunView): readonly string[] {
  const { run, steps } = view;
  if (run.mode !== 'steps') return describeTakingBack(view);
  const { current, next } = locateRun(run);
  const since = current === null ? null : (run.steps[current]?.startedAt ?? null);
  const nextStep = next === null ? undefined : steps[next];
  return [
    ...(current === null
      ? []
      : [`⏳ **${nameStep(steps[current], steps)}**${since === null ? '' : `, begun ${timestamp(since)}`}`]),
    ...(nextStep === undefined ? [] : [`Next: ${nameStep(nextStep, steps)}`]),
  ];
}

/** Of what is let in or taken back only what is under way: what it had stopped at is not. */
function describeTakingBack({ run, steps, undo }: RunView): readonly string[] {
  const acting = run.steps.find(({ state }) => state === 'acting');
  const task = undo.find(({ step }) => step.id === acting?.id);
  if (task === undefined || acting === undefined) return [];
  const since = acting.startedAt === null ? '' : `, begun ${timestamp(acting.startedAt)}`;
  return [`⏳ **${nameStep(task, steps)}**${since}`];
}
