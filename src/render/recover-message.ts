import type { RecoverAnswer, RunView } from '../recovery/view.ts';
import type { Message } from './message.ts';
import { renderAdvice, renderRefused } from './recover-advice.ts';
import { renderDone, renderEnded, renderUnbegun } from './recover-ended.ts';
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
