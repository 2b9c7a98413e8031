import type { RecoverAnswer, RunView } from '../recovery/view.ts';
import { COLOURS, type Message } from './message.ts';
import { escapeUntrusted } from './untrusted.ts';

/** A run as everybody sees it, from the request to its end: one message, edited in place. */
export function renderRun({ run }: RunView): Message {
  const { plan, state } = run;
  return { embed: { title: `${plan.database}: ${plan.strategy} ${state.kind}`, colour: COLOURS.unknown } };
}

/** What `/db recover` and its buttons answer. */
export function renderRecoverAnswer(answer: RecoverAnswer): Message {
  if (answer.kind === 'run' || answer.kind === 'plan') return renderRun(answer.view);
  return { embed: { title: escapeUntrusted(answer.database), colour: COLOURS.unknown } };
}
