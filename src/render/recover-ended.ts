import { formatDuration } from '../model/duration.ts';
import { locateRun, measureRun } from '../recovery/measure-run.ts';
import type { RunView } from '../recovery/view.ts';
import { attachManual, MANUAL_FILE, renderManualField } from './manual-steps.ts';
import { type Button, COLOURS, type Message, timestamp } from './message.ts';
import { describeApprovers } from './recover-approval.ts';
import { countSteps, recoverButton, statusButton } from './recover-buttons.ts';
import { listWords } from './recover-diagnosis.ts';
import { describeObserved, fillDescription, footRun, nameHeld, titleRun } from './recover-frame.ts';
import { listProgress, nameStep } from './recover-steps.ts';
import { mention } from './timeline-line.ts';
import { proseUntrusted } from './untrusted.ts';

type State<Kind extends RunView['run']['state']['kind']> = Extract<RunView['run']['state'], { readonly kind: Kind }>;

/** It was carried out: how long it took, what was true before and is now, what each step saw. Pure. */
export function renderDone(view: RunView, state: State<'done'>): Message {
  const { run, steps, now } = view;
  const took = measureRun(run, now);
  const skipped = steps.filter((_, index) => run.steps[index]?.state === 'skipped');
  const but = skipped.length === 0 ? '' : `, ${countSteps(skipped.length)} skipped`;
  return {
    embed: {
      title: titleRun(view, `done${took === null ? '' : ` in ${formatDuration(took)}`}${but}`),
      description: fillDescription(
        [
          ...describeChange(view),
          ...(skipped.length === 0
            ? []
            : [
                `⚠️ **Skipped, so look yourself:** ${skipped
                  .slice(0, 5)
                  .map((step) => nameStep(step, steps))
                  .join('; ')}`,
              ]),
          `-# ${describeApprovers(run)}`,
        ],
        (room) => listProgress(view, room),
      ),
      colour: skipped.length === 0 ? COLOURS.resolved : COLOURS.warning,
      footer: footRun(view),
      timestamp: state.at,
    },
    buttons: lookButtons(view),
  };
}

/** Given up, or undone. Pure. */
export function renderEnded(view: RunView, { at, by, undone }: State<'ended'>): Message {
  const { run, held, byHand, steps } = view;
  const { done } = locateRun(run);
  const left = undone ? [] : byHand;
  const inForce = undone ? [] : steps.filter(({ step }) => view.undo.some((each) => each.step.id === step.id));
  const fact = undone ? 'undone' : `given up after ${done} of ${countSteps(run.steps.length)}`;
  return {
    embed: {
      title: titleRun(view, `${fact}${held.length > 0 ? '; clients are held' : ''}`),
      description: fillDescription(
        [
          ...(held.length === 0 ? [] : [`⛔ **Clients are still held:** ${nameHeld(view)}`]),
          ...describeChange(view),
          ...(inForce.length === 0
            ? []
            : [
                `⚠️ **Not taken back:** ${inForce
                  .slice(0, 6)
                  .map((step) => nameStep(step, steps))
                  .join('; ')}`,
              ]),
          undone
            ? `What it had done was taken back, on the word of ${mention(by)}, ${timestamp(at)}.`
            : `Ended by ${mention(by)} ${timestamp(at)}. What is done stays as it is; nothing more is done.`,
          `-# ${describeApprovers(run)}`,
        ],
        (room) => listProgress(view, room),
      ),
      colour: inForce.length > 0 || held.length > 0 ? COLOURS.critical : COLOURS.unknown,
      fields: renderManualField('Go on by hand', left),
      footer: footRun(view),
      timestamp: at,
    },
    buttons: lookButtons(view),
    attachments: attachManual(`${run.plan.database}: ${run.plan.strategy}, how to go on by hand`, left),
  };
}

/** It was never begun. Pure. */
export function renderUnbegun(view: RunView, state: State<'cancelled' | 'expired' | 'superseded'>): Message {
  const { plan, requestedBy } = view.run;
  const unplannable = state.kind === 'superseded' && state.next === null;
  return {
    embed: {
      title: titleRun(view, `${unplannable ? 'refused' : WORDS[state.kind]}, nothing was done`),
      description: [
        ...describeEnd(view, state),
        `Asked for by ${mention(requestedBy)}.`,
        ...(unplannable ? [`-# How it is done by hand, at your own risk: \`${MANUAL_FILE}\``] : []),
      ].join('\n'),
      colour: COLOURS.unknown,
      footer: footRun(view),
      timestamp: state.at,
    },
    buttons: lookButtons(view),
    attachments: unplannable ? attachManual(`${plan.database}: ${plan.strategy}, by hand`, view.steps) : [],
  };
}

const WORDS = { cancelled: 'cancelled', expired: 'expired', superseded: 'superseded' } as const;

function describeEnd({ run }: RunView, state: State<'cancelled' | 'expired' | 'superseded'>): readonly string[] {
  switch (state.kind) {
    case 'cancelled':
      return [`Cancelled by ${mention(state.by)} ${timestamp(state.at)}.`];
    case 'expired':
      return [
        `Nobody approved it by ${timestamp(run.until, 'T')}. The world has moved on since: **Recover…** looks again.`,
      ];
    case 'superseded':
      return state.next === null
        ? [
            'The world had changed before it was approved, and no plan can be made of it now:',
            listWords(state.reasons, 1_600),
            '**Recover…** looks again.',
          ]
        : [`The world had changed before it was approved: the new plan is \`${state.next}\`.`];
  }
}

function describeChange(view: RunView): readonly string[] {
  const { before } = view;
  return [
    ...(before === null ? [] : [`**Before:** ${proseUntrusted(before, 300)}`]),
    ...describeObserved('Now', view, 700),
  ];
}

function lookButtons({ run: { plan, state } }: RunView): readonly Button[] {
  return state.kind === 'done'
    ? [statusButton(plan.database)]
    : [statusButton(plan.database), recoverButton(plan.database)];
}
