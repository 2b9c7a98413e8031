import { locateRun } from '../recovery/measure-run.ts';
import type { StopReason } from '../recovery/run.ts';
import type { RunView } from '../recovery/view.ts';
import { joinLines } from './join-lines.ts';
import { attachManual, renderManualField } from './manual-steps.ts';
import { COLOURS, type EmbedField, type Message } from './message.ts';
import { describeApprovers } from './recover-approval.ts';
import { countSteps, stopButtons } from './recover-buttons.ts';
import { listWords } from './recover-diagnosis.ts';
import { footRun, titleRun } from './recover-frame.ts';
import { listProgress, nameStep, placeStep } from './recover-steps.ts';
import { mention } from './timeline-line.ts';
import { escapeUntrusted } from './untrusted.ts';

type Stopped = Extract<RunView['run']['state'], { readonly kind: 'stopped' }>;

/** It waits for a person: what is true now, why it stopped, what can be done, and how to go on by hand. Pure. */
export function renderStopped(view: RunView, state: Stopped): Message {
  const { run, held, observed, byHand } = view;
  const { database, strategy } = run.plan;
  return {
    embed: {
      title: titleRun(view, `${describePlace(view, state.why)}${held.length > 0 ? '; clients are held' : ''}`),
      description: [
        ...describeHeld(held),
        ...(observed.length === 0 ? [] : ['**True now:**', listWords(observed, 800)]),
        ...describeWhy(view, state.why),
        describeApprovers(run),
        '',
        listProgress(view, 1_500),
      ].join('\n'),
      colour: held.length > 0 ? COLOURS.critical : COLOURS.warning,
      fields: [describeChoices(view, state.why), ...renderManualField('Go on by hand', byHand)],
      footer: footRun(view),
      timestamp: state.at,
    },
    buttons: stopButtons(view),
    attachments: attachManual(`${database}: ${strategy}, how to go on by hand`, byHand),
  };
}

function describeHeld(held: readonly string[]): readonly string[] {
  if (held.length === 0) return [];
  const names = held.slice(0, 8).map((each) => escapeUntrusted(each));
  const more = held.length > names.length ? `, and ${held.length - names.length} more` : '';
  return [`⛔ **Clients are held:** ${names.join(', ')}${more}. They cannot work until they are released.`];
}

function describePlace({ run }: RunView, why: StopReason): string {
  const verb = why.kind === 'interrupted' ? 'interrupted' : why.kind === 'aborted' ? 'aborted' : 'stopped';
  const { current, done } = locateRun(run);
  const where = current === null ? `after ${done} of` : `at step ${current + 1} of`;
  return `${verb} ${where} ${countSteps(run.steps.length).replace(/ steps?$/, '')}`;
}

function describeWhy(view: RunView, why: StopReason): readonly string[] {
  const { current } = locateRun(view.run);
  const place = current === null ? 'between two steps' : placeStep(view, current);
  switch (why.kind) {
    case 'failed':
      return [`❌ It stopped at ${place}: ${escapeUntrusted(why.reason, 400)}`];
    case 'unknown':
      return [
        `❔ **Outcome unknown** of ${place}: ${escapeUntrusted(why.reason, 400)}`,
        'It may have been done, and may be still: look before it is repeated.',
      ];
    case 'aborted':
      return [`🛑 ${mention(why.by)} aborted it${current === null ? '' : ` at ${place}`}.`];
    case 'interrupted':
      return [
        `🔌 The bot ended in the middle, ${current === null ? place : `at ${place}`}. Nothing goes on by itself.`,
      ];
    case 'journal':
      return [
        `📕 It cannot be written down what would be done, so nothing more is: ${escapeUntrusted(why.reason, 400)}`,
      ];
  }
}

function describeChoices({ held, skip, undo }: RunView, why: StopReason): EmbedField {
  const again = why.kind === 'failed' || why.kind === 'unknown';
  const lines = [
    ...(held.length > 0 ? ['**Release clients**: lets them back at once, in the configured order'] : []),
    again
      ? '**Retry**: looks first; what is done already is not done twice'
      : '**Resume**: looks first, and goes on with what is left',
    ...(again && skip !== null ? [`**Skip**: leaves this step out. ${escapeUntrusted(skip, 200)}`] : []),
    ...(undo.length > 0 ? [`**Undo ${countSteps(undo.length)}**: ${describeUndo(undo)}`] : []),
    '**Abort**: gives it up; what is done stays as it is',
  ];
  return { name: 'What you can do', value: joinLines(lines, 1_000) };
}

function describeUndo(undo: RunView['undo']): string {
  const names = undo.slice(0, 2).map((step) => nameStep(step));
  return `${names.join('; then ')}${undo.length > 2 ? '; …' : ''}`;
}
