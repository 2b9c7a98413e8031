import type { RecoverAnswer, RunView } from '../recovery/view.ts';
import { COLOURS, type Message } from './message.ts';
import { renderAdvice, renderRefused } from './recover-advice.ts';
import { renderDone, renderEnded, renderUnbegun } from './recover-ended.ts';
import { footRun, titleRun } from './recover-frame.ts';
import { renderProgress } from './recover-progress.ts';
import { type Occasion, renderPrivatePlan, renderRequest } from './recover-request.ts';
import { renderStopped } from './recover-stopped.ts';

/** A run as everybody sees it, from the request to its end: one message, edited in place. Pure. */
export function renderRun(view: RunView, occasion: Occasion = { diagnosis: null, because: null }): Message {
  const { state } = view.run;
  switch (state.kind) {
    case 'requested':
      return renderRequest(view, { ...occasion, diagnosis: occasion.diagnosis ?? view.run.diagnosis });
    case 'running':
      return renderProgress(view, state);
    case 'stopped':
      return renderStopped(view, state);
    case 'done':
      return renderDone(view, state);
    case 'ended':
      return renderEnded(view, state);
    case 'cancelled':
    case 'expired':
    case 'superseded':
      return renderUnbegun(view, state);
  }
}

/** A message that a newer one continues: what it said is not kept true any more, so it says nothing of that. Pure. */
export function renderContinued(view: RunView): Message {
  return {
    embed: {
      title: titleRun(view, 'goes on in a newer message'),
      description:
        'The bot ended in the middle of it. How it stands, and its buttons, are in the newest message below.',
      colour: COLOURS.unknown,
      footer: footRun(view),
    },
    buttons: [],
  };
}

/** What `/db recover` and its buttons answer, but for rung 1, which has a preview of its own. Pure. */
export function renderRecoverAnswer(answer: Exclude<RecoverAnswer, { readonly kind: 'kill-stale' }>): Message {
  switch (answer.kind) {
    case 'advice':
      return renderAdvice(answer);
    case 'refused':
      return renderRefused(answer);
    case 'plan':
      return renderPrivatePlan(answer.view, answer.diagnosis);
    case 'run':
      return renderRun(answer.view, answer);
  }
}
