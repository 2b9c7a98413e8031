import { locateRun } from '../recovery/measure-run.ts';
import type { StopReason } from '../recovery/run.ts';
import type { RunView } from '../recovery/view.ts';
import { attachManual, renderManualField } from './manual-steps.ts';
import { COLOURS, type Message } from './message.ts';
import { describeApprovers } from './recover-approval.ts';
import { countSteps, stopButtons } from './recover-buttons.ts';
import { describeObserved, fillDescription, footRun, nameHeld, titleRun } from './recover-frame.ts';
import { listStates, nameStep } from './recover-steps.ts';
import { shortenNames } from './short-names.ts';
import { mention } from './timeline-line.ts';
import { escapeUntrusted, proseUntrusted } from './untrusted.ts';

type Stopped = Extract<RunView['run']['state'], { readonly kind: 'stopped' }>;

/** It waits for a person: what is true now, why it stopped, what can be done, and how to go on by hand. Pure. */
export function renderStopped(view: RunView, state: Stopped): Message {
  const { run, held, byHand } = view;
  const { database, strategy } = run.plan;
  return {
    embed: {
      title: titleRun(view, `${describePlace(view, state.why)}${held.length > 0 ? '; clients are held' : ''}`),
      description: fillDescription([
        ...(held.length === 0
          ? []
          : [`⛔ **Clients are held:** ${nameHeld(view)}. They cannot work until they are released.`]),
        ...describeObserved('True now', view, 800),
        ...describeWhy(view, state.why),
        `-# ${describeApprovers(run)}`,
        '',
        ...listChoices(view, state.why),
      ]),
      colour: held.length > 0 ? COLOURS.critical : COLOURS.warning,
      fields: [
        { name: 'How far it came', value: listStates(view, 1_000) },
        ...renderManualField('Go on by hand', byHand),
      ],
      footer: footRun(view),
      timestamp: state.at,
    },
    buttons: stopButtons(view),
    attachments: attachManual(`${database}: ${strategy}, how to go on by hand`, byHand),
  };
}

const UNDONE_NAMED = 4;

function describePlace({ run }: RunView, why: StopReason): string {
  const verb = why.kind === 'interrupted' ? 'interrupted' : why.kind === 'aborted' ? 'aborted' : 'stopped';
  const { current, done } = locateRun(run);
  const where = current === null ? `after ${done} of` : `at step ${current + 1} of`;
  return `${verb} ${where} ${run.steps.length}${why.kind === 'released' ? ', clients are released' : ''}`;
}

function describeWhy(view: RunView, why: StopReason): readonly string[] {
  const { run, steps } = view;
  const { current } = locateRun(run);
  const place = current === null ? 'between two steps' : `**${nameStep(steps[current], steps)}**`;
  const tell = (reason: string) => proseUntrusted(shortenNames(reason, steps), 400);
  switch (why.kind) {
    case 'failed':
      return [`❌ ${place}: ${tell(why.reason)}`];
    case 'unknown':
      return [
        `❔ **Outcome unknown:** ${place}: ${tell(why.reason)}`,
        'It may have been done, and may be still: look before it is repeated.',
      ];
    case 'aborted':
      return [`🛑 ${mention(why.by)} aborted it${current === null ? '' : ` at ${place}`}.`];
    case 'released':
      return [`🔓 ${mention(why.by)} let the clients in before the end: what is left waits for **Resume**.`];
    case 'interrupted':
      return [
        `🔌 The bot ended in the middle, ${current === null ? place : `at ${place}`}. Nothing goes on by itself.`,
      ];
    case 'journal':
      return [`📕 It cannot be written down what would be done, so nothing more is: ${tell(why.reason)}`];
  }
}

/** What each button does; the buttons stand in the same order. */
function listChoices({ run, held, skip, undo, steps }: RunView, why: StopReason): readonly string[] {
  const release = held.length > 0 ? ['**Release clients**: lets them back at once, in the configured order'] : [];
  const takeBack = undo.length > 0 ? [`**Undo ${countSteps(undo.length)}**: ${describeUndo(undo, steps)}`] : [];
  const end = '**Abort**: gives it up; what is done stays as it is';
  if (why.kind === 'failed' || why.kind === 'unknown') {
    return [
      ...release,
      '**Retry**: looks first; what is done already is not done twice',
      ...(run.mode === 'steps' ? [] : ['**Resume**: leaves that be, looks first, and goes on with the plan']),
      ...(skip === null ? [] : [`**Skip**: leaves this step out. ${escapeUntrusted(skip, 200)}`]),
      ...takeBack,
      end,
    ];
  }
  const resume = '**Resume**: looks first, and goes on with what is left';
  return [...(why.kind === 'aborted' ? [...release, resume] : [resume, ...release]), ...takeBack, end];
}

function describeUndo(undo: RunView['undo'], steps: RunView['steps']): string {
  const names = undo.slice(0, UNDONE_NAMED).map((step) => nameStep(step, steps));
  const left = undo.length - names.length;
  return `${names.join('; then ')}${left > 0 ? `; and ${left} more` : ''}`;
}
